// Python: one exception class with its details, bytes of text as str, buffers without a copy, iteration and `with`.
%{ static PyObject *erato_error_class; %}
%init %{
  erato_error_class = PyErr_NewException("erato.Error", PyExc_RuntimeError, nullptr);
  Py_XINCREF(erato_error_class);
  PyModule_AddObject(m, "Error", erato_error_class);
%}
%pythoncode %{ Error = _erato.Error %}

%{
static void erato_set_attribute(PyObject *object, const char *name, PyObject *value) {
  if (value != nullptr) PyObject_SetAttrString(object, name, value);
  Py_XDECREF(value);
}

static void erato_raise(const erato::Error &error) {
  PyObject *raised = PyObject_CallFunction(erato_error_class, "s", error.what());
  if (raised == nullptr) return;
  erato_set_attribute(raised, "code", PyLong_FromLong(error.code()));
  erato_set_attribute(raised, "name", PyUnicode_FromString(erato_status_name(error.code())));
  erato_set_attribute(raised, "retriable", PyBool_FromLong(error.retriable()));
  erato_set_attribute(raised, "parameter", PyUnicode_FromString(error.parameter().c_str()));
  PyErr_SetObject(erato_error_class, raised);
  Py_DECREF(raised);
}
%}

// The exception is copied out of the catch block before it is raised, when the interpreter is held again.
%exception {
  try {
    $action
  } catch (const erato::Error &error) {
    erato_raise(error);
    SWIG_fail;
  } catch (const std::bad_alloc &) {
    PyErr_NoMemory();
    SWIG_fail;
  }
}

// Any writable, contiguous buffer of C floats: numpy float32, array('f'), memoryview.
%typemap(in) (float *buffer, size_t floats) (Py_buffer view, int held = 0) {
  if (PyObject_GetBuffer($input, &view, PyBUF_WRITABLE | PyBUF_FORMAT | PyBUF_C_CONTIGUOUS) != 0) SWIG_fail;
  held = 1;
  if (view.format == nullptr || strcmp(view.format, "f") != 0) {
    PyErr_SetString(PyExc_TypeError, "a buffer of 32-bit floats is needed");
    SWIG_fail;
  }
  $1 = static_cast<float *>(view.buf);
  $2 = static_cast<size_t>(view.len) / sizeof(float);
}
%typemap(freearg) (float *buffer, size_t floats) {
  if (held$argnum) PyBuffer_Release(&view$argnum);
}

%define ERATO_PYTHON_CLOSES(Class)
%extend erato::Class {
  %pythoncode %{
    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()
  %}
}
%enddef
ERATO_PYTHON_CLOSES(Model)
ERATO_PYTHON_CLOSES(Session)
ERATO_PYTHON_CLOSES(Stream)
ERATO_PYTHON_CLOSES(Response)

// Python's own, below: the C++ one makes a tuple.
%ignore erato::Model::embed;

%extend erato::Model {
  %pythoncode %{
    def embed(self, texts, options=None):
        """Vectors of texts, [texts, width] float32: a numpy array where numpy is there, else a memoryview."""
        shape = (len(texts), self.vector_width(options))
        try:
            import numpy
            vectors = numpy.empty(shape, numpy.float32)
            self.embed_into(texts, vectors, options)
            return vectors
        except ModuleNotFoundError:
            import array
            flat = array.array("f", bytes(4 * shape[0] * shape[1]))
            self.embed_into(texts, flat, options)
            return memoryview(flat).cast("B").cast("f", shape) if shape[0] else memoryview(flat)

    def session(self, options=None):
        return Session(self, options)

    def generate(self, prompt, options=None):
        return Stream(self, prompt, options)
  %}
}
%extend erato::Session {
  %pythoncode %{
    def ask(self, text, options=None):
        """Adds the user's text and returns the stream of the answer."""
        self.add(ROLE_USER, text)
        return Stream(self, options)
  %}
}
%extend erato::Stream {
  %pythoncode %{
    def __iter__(self):
        while self.advance():
            yield self.piece()
  %}
}
%extend erato::Response {
  %pythoncode %{
    def __iter__(self):
        while self.advance():
            yield self.chunk()
  %}
}
