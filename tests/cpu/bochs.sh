#!/bin/sh
# Runs programs on an emulated processor with AVX-512, for machines that have none.
#
#     tests/cpu/bochs.sh [-m MODEL] [-k] [-d FILE|FOLDER]... 'PROGRAM ARGUMENTS' ...
#     tests/cpu/bochs.sh 'build/bin/cpu_strip_test --gtest_filter=*avx512*'
#
# Bochs boots a Linux kernel whose first file system holds busybox, the programs with their libraries, and what -d
# names, all at the paths that they have here; the programs run one after the other in this folder, and what they
# print appears as they print it. Ends with 0 where all of them did. Booting takes 4 billion instructions, a minute or
# three; the kernel tests then take seconds. Not part of `run test`.
#
#   -m MODEL  processor (bochs -help cpu): sapphire_rapids has AVX-512 with VNNI and BF16, corei7_icelake_u has no BF16,
#             core2_penryn_t9600 no AVX at all. 'MODEL, add_features=…, exclude_features=…' changes one
#   -d PATH   takes a file or folder along
#   -k        keeps the folder of work and names it
#   BOCHS     the emulator (default: bochs), KERNEL: a kernel's bzImage with a serial console built in
#
# Needs, on Debian: bochsbios, vgabios, busybox-static, isolinux, syslinux-common, genisoimage; as KERNEL that of
# linux-image-cloud-amd64 (apt-get download, dpkg -x). Bochs 3.0 or later; Debian 12 has 2.7, which knows no BF16.
# From the source package of a later Debian:
#     ./configure --enable-x86-64 --enable-avx --enable-evex --enable-amx --enable-cet --enable-uintr
#       --enable-all-optimizations --enable-protection-keys --enable-memtype --enable-long-phy-address
#       --enable-vmx=2 --with-nogui --disable-docbook
set -eu

model=sapphire_rapids keep= data=
while getopts m:d:k option; do
  case $option in
    m) model=$OPTARG ;;
    d) data="$data $(realpath "$OPTARG")" ;;
    k) keep=1 ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { sed -n '2,/^set/p' "$0" | grep '^#'; exit 2; }
: "${BOCHS:=bochs}" "${KERNEL:?names the bzImage to boot}"

work=$(mktemp -d)
emulator=
trap '[ -z "$emulator" ] || kill "$emulator" 2>/dev/null; [ -n "$keep" ] || rm -rf "$work"' EXIT
trap "exit 1" INT TERM HUP
[ -z "$keep" ] || echo "work in $work"
root=$work/root disc=$work/disc
mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/tmp" "$disc"

# What goes along: programs and their libraries stripped, everything at its own path.
take() { [ -e "$root$1" ] || { mkdir -p "$root${1%/*}" && cp -rL "$1" "$root$1"; }; }
cp "$(command -v busybox)" "$root/bin/busybox"
for path in $data; do take "$path"; done
for line in "$@"; do
  program=$(realpath "${line%% *}")
  take "$program"
  for library in $(ldd "$program" 2>/dev/null | grep -o '/[^ ]*'); do take "$library"; done
done
find "$root" -type f ! -path "$root/bin/*" -exec strip {} + 2>/dev/null || true

{
  cat <<INIT
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin HOME=/tmp
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
mkdir -p '$PWD' && cd '$PWD'
grep -m1 'model name' /proc/cpuinfo; grep -om1 'avx512[a-z_0-9]*' /proc/cpuinfo | sort -u | tr '\n' ' '
failed=0
INIT
  for line in "$@"; do
    printf "echo; echo '+ %s'\n%s; code=\$?; echo \"exit \$code after \$(cut -d' ' -f1 /proc/uptime) s\"; [ \$code = 0 ] || failed=1\n" \
      "$line" "$line"
  done
  echo 'echo "bochs.sh: $failed"; sync; sleep 1; poweroff -f'
} >"$root/init"
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc --quiet) >"$disc/initrd"
cp "$KERNEL" "$disc/kernel"
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$disc"
# Features that the programs do not need are cleared: with all of them this kernel lost its page tables in Bochs 3.0.
cat >"$disc/isolinux.cfg" <<'BOOT'
default it
prompt 0
label it
  kernel kernel
  append initrd=initrd console=ttyS0 quiet panic=-1 nokaslr no5lvl nopcid mitigations=off lsm= clearcpuid=pku,amx_tile,smap,smep,umip,erms,fsrm,rep_good,invpcid,xsaves,la57
BOOT
genisoimage -quiet -o "$work/disc.iso" -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table "$disc"

# Neither errors nor news are logged: Bochs can wait for its log for ever when its alarm rings while it writes there.
megabytes=$((512 + 3 * $(du -sm "$disc" | cut -f1)))
cat >"$work/bochsrc" <<RC
cpu: model=$model, count=1, ips=50000000
memory: guest=$megabytes, host=$megabytes
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
ata0-master: type=cdrom, path=$work/disc.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=$work/serial
clock: sync=none
log: $work/log
panic: action=fatal
error: action=ignore
info: action=ignore
display_library: nogui
RC
: >"$work/serial"
"$BOCHS" -q -f "$work/bochsrc" >"$work/out" 2>&1 &
emulator=$!
tail -f --pid="$emulator" "$work/serial" &
until grep -q '^bochs.sh: ' "$work/serial"; do
  ! grep -q 'Kernel panic' "$work/serial" || { echo "bochs.sh: the kernel gave up"; exit 1; }
  kill -0 "$emulator" 2>/dev/null || { echo "bochs.sh: the emulator ended early"; tail "$work/log" "$work/out"; exit 1; }
  sleep 1
done
kill "$emulator" 2>/dev/null || true
wait || true
emulator=
grep -q '^bochs.sh: 0' "$work/serial"
