#!/usr/bin/env python3
"""make_similarity.py MODEL: writes similarity.json beside this file, pairs of sentences and how near the reference
implementation finds them (transformers and torch in float32: mean of the last hidden states, brought to length 1,
cosine), MODEL being a folder of all-MiniLM-L6-v2.

Each group is a sentence of a book whose copyright has ended, one that says the same in other words, one of like matter
and one of something else; the last three are ours, and their likeness to the first is 2, 1 and 0."""
import json
import pathlib
import sys

import torch
import transformers

GROUPS = [
    ("Jane Austen, Pride and Prejudice, 1813",
     "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a wife.",
     "Everybody agrees that a rich bachelor needs to get married.",
     "The wedding was the talk of the whole county.",
     "The valve closes when the pressure falls below two bar."),
    ("Jane Austen, Emma, 1815",
     "Emma Woodhouse, handsome, clever, and rich, with a comfortable home and happy disposition, seemed to unite some of the "
     "best blessings of existence.",
     "The young woman was pretty, bright and wealthy, and had nearly everything one could wish for.",
     "She lived alone with her father in a large house near the village.",
     "Rust spreads faster where salt water reaches the iron."),
    ("Mary Shelley, Frankenstein, 1818",
     "It was on a dreary night of November that I beheld the accomplishment of my toils.",
     "One gloomy autumn night I finally saw that my hard work had succeeded.",
     "The experiment in the laboratory lasted until midnight.",
     "Tickets for the ferry are sold on board."),
    ("Charlotte Brontë, Jane Eyre, 1847",
     "There was no possibility of taking a walk that day.",
     "We could not go out for a stroll that day.",
     "A cold wind drove the rain against the windows.",
     "The index of the book lists every author twice."),
    ("Charlotte Brontë, Jane Eyre, 1847",
     "Reader, I married him.",
     "I became his wife, dear reader.",
     "They had met in the library in winter.",
     "The engine needs a litre of oil every month."),
    ("Herman Melville, Moby-Dick, 1851",
     "I thought I would sail about a little and see the watery part of the world.",
     "My plan was to travel the oceans by ship for a while.",
     "The harbour was full of whaling boats from the north.",
     "He solved the equation without a pencil."),
    ("Henry David Thoreau, Walden, 1854",
     "I went to the woods because I wished to live deliberately, to front only the essential facts of life.",
     "I moved into the forest in order to lead a simple and conscious life.",
     "His hut stood beside a pond among the pines.",
     "The bank closes its counters at four."),
    ("Henry David Thoreau, Walden, 1854",
     "The mass of men lead lives of quiet desperation.",
     "Most people are silently unhappy with how they live.",
     "Working long hours left him no time for his friends.",
     "Turn left behind the church and follow the river."),
    ("Charles Dickens, A Tale of Two Cities, 1859",
     "It was the best of times, it was the worst of times.",
     "The age was wonderful and terrible at once.",
     "Bread was dear that year, and the streets were full of soldiers.",
     "A spider has eight legs and no wings."),
    ("Charles Darwin, On the Origin of Species, 1859",
     "Light will be thrown on the origin of man and his history.",
     "We shall come to understand where human beings come from.",
     "Finches on neighbouring islands have beaks of different shapes.",
     "She tuned the violin before the concert."),
    ("Abraham Lincoln, Gettysburg Address, 1863",
     "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty.",
     "Eighty-seven years ago our ancestors founded a free country here.",
     "The soldiers who fell in the battle are buried on the hill.",
     "Boil the potatoes for twenty minutes with a little salt."),
    ("Declaration of Independence, 1776",
     "We hold these truths to be self-evident, that all men are created equal.",
     "It is obvious to us that everybody is born with the same worth.",
     "The colonies no longer wished to obey the king.",
     "The cat has knocked the flower pot off the balcony."),
    ("Lewis Carroll, Alice's Adventures in Wonderland, 1865",
     "Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do.",
     "The girl grew bored next to her sister at the riverside because there was nothing to keep her busy.",
     "A white rabbit with pink eyes ran close by her.",
     "The court fined the company for its false accounts."),
    ("Leo Tolstoy, Anna Karenina, translated by Constance Garnett, 1901",
     "Happy families are all alike; every unhappy family is unhappy in its own way.",
     "Families that are content resemble each other, while each miserable one suffers differently.",
     "The husband and the wife had not spoken to each other for three days.",
     "Snow closed the pass until the end of May."),
    ("Robert Louis Stevenson, Treasure Island, 1883",
     "I remember him as if it were yesterday, as he came plodding to the inn door, his sea-chest following behind him in a "
     "hand-barrow.",
     "I can still clearly picture the old sailor walking slowly up to the tavern while his trunk was wheeled after him.",
     "The captain paid for his rum with gold coins.",
     "Plants turn sunlight into sugar."),
    ("Mark Twain, Adventures of Huckleberry Finn, 1884",
     "You don't know about me without you have read a book by the name of The Adventures of Tom Sawyer; but that ain't no "
     "matter.",
     "Unless you read the story of Tom Sawyer you have not heard of me, which is fine.",
     "The boys hid their raft under the willows by the river.",
     "The committee put off its decision until the spring."),
    ("Jerome K. Jerome, Three Men in a Boat, 1889",
     "I like work: it fascinates me. I can sit and look at it for hours.",
     "Labour interests me so much that I could watch it all day long.",
     "He was the laziest clerk in the whole office.",
     "The moon was hidden behind the clouds."),
    ("Arthur Conan Doyle, A Scandal in Bohemia, 1891",
     "You see, but you do not observe.",
     "Your eyes take things in, yet you do not pay attention to them.",
     "The detective knelt down to study the footprints in the mud.",
     "Add the flour slowly and stir until the dough is smooth."),
    ("Arthur Conan Doyle, A Scandal in Bohemia, 1891",
     "To Sherlock Holmes she is always the woman.",
     "For the detective Holmes no other lady counts.",
     "The photograph was hidden behind a panel in her sitting room.",
     "The train to the coast leaves from platform nine."),
    ("H. G. Wells, The War of the Worlds, 1898",
     "No one would have believed in the last years of the nineteenth century that this world was being watched keenly and "
     "closely by intelligences greater than man's.",
     "Around 1900 nobody would have thought that superior beings from elsewhere were studying the Earth.",
     "The telescope showed a bright flash on the surface of Mars.",
     "The old tailor mended the coat for nothing."),
    ("Bram Stoker, Dracula, 1897",
     "Left Munich at 8:35 P.M., on 1st May, arriving at Vienna early next morning.",
     "On the first of May I took the evening train from Munich and got to Vienna at dawn.",
     "The castle of the count stood above a deep valley.",
     "The new teacher taught fractions with slices of cake."),
    ("L. Frank Baum, The Wonderful Wizard of Oz, 1900",
     "Dorothy lived in the midst of the great Kansas prairies, with Uncle Henry, who was a farmer, and Aunt Em, who was the "
     "farmer's wife.",
     "The girl's home was with her farming uncle and aunt, in the middle of the plains of Kansas.",
     "The cyclone lifted the house high into the air.",
     "Interest on the loan is paid every quarter."),
    ("Kenneth Grahame, The Wind in the Willows, 1908",
     "The Mole had been working very hard all the morning, spring-cleaning his little home.",
     "The mole spent the morning tidying up his small house.",
     "The water rat rowed his boat down the stream.",
     "The election was won by eleven votes."),
    ("J. M. Barrie, Peter Pan, 1911",
     "All children, except one, grow up.",
     "Every child becomes an adult, with a single exception.",
     "The boy flew out of the nursery window at night.",
     "Copper conducts electricity better than lead."),
]


def vectors(folder, texts):
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModel.from_pretrained(folder, torch_dtype=torch.float32).eval()
    rows = []
    for text in texts:  # one by one: padding has no part in it
        with torch.no_grad():
            states = model(**tokenizer(text, return_tensors="pt")).last_hidden_state
        rows.append(torch.nn.functional.normalize(states[0].mean(0), dim=0))
    return rows


def main():
    pairs = [(group[1], other, group[0], 4 - at) for group in GROUPS for at, other in enumerate(group[2:], 2)]
    found = vectors(sys.argv[1], [text for pair in pairs for text in pair[:2]])
    rows = [{"a": a, "b": b, "source": source, "likeness": likeness,
             "cosine": round(float(found[2 * i] @ found[2 * i + 1]), 7)}
            for i, (a, b, source, likeness) in enumerate(pairs)]
    text = json.dumps(rows, indent=1, ensure_ascii=False)
    (pathlib.Path(__file__).parent / "similarity.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
