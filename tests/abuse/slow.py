"""Clients that take their time, never end, vanish, or are very many, while good requests go on.

Each is a function: what it did not see as it should be, as a sentence, or None. All run at once; a deadline of the daemon ends
those that would never end (verifier/daemon/connection.h: 10 s for a header, 30 s for a body and for a reply to be taken)."""
import concurrent.futures
import re
import select
import time

from cases import HOST_LINE, LIMIT_PDF_BYTES, ask, get, png
from served import PATIENCE_S, Broken, Wire, is_verdict, post, post_form

IDLE = 300
PICTURES = 120
BODIES = 40  # of 8 MiB; 256 MiB are held at once
DESCRIPTORS = 512  # of a daemon that has few
LONGEST_S = 2 * PATIENCE_S


def came(wire, wait_s):
    """What the other side says within the time; b"" if it closed; None if it was silent."""
    if not select.select([wire.socket], [], [], wait_s)[0]:
        return None
    try:
        return wire.socket.recv(1 << 16)
    except OSError:
        return b""


def cut(wire, piece=b"", before=b""):
    """After `before` a piece each second, or nothing, until the daemon cuts the connection without a word."""
    wire.send(before)
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_S:
        if piece:
            wire.send(piece)
        said = came(wire, 1)
        if said:
            return f"answered: {said[:80]}"
        if said is not None:
            return None
    return f"still open after {LONGEST_S} s"


def starts(before, piece=b""):
    def client(service):
        with Wire(service.daemon.address) as wire:
            return cut(wire, piece, before)
    return client


def after_a_reply(service):
    with Wire(service.daemon.address) as wire:
        service.questions[0].put(wire)
        return cut(wire)


def after_100(service):
    with Wire(service.daemon.address) as wire:
        wire.send(ask(b"Expect: 100-continue\r\nContent-Length: 9\r\n", b""))
        if wire.reply().status != 100:
            return "not asked to go on"
        return cut(wire, b"", b"abc")


def never_reads(service):
    """Asks on and takes nothing: the daemon must not keep what nobody takes."""
    with Wire(service.daemon.address, receive=4096) as wire:
        wire.socket.settimeout(1)
        began = time.monotonic()
        while wire.send(get(target=b"/openapi.yaml") * 10) and time.monotonic() - began < LONGEST_S:
            pass
        wire.socket.settimeout(PATIENCE_S)
        while time.monotonic() - began < LONGEST_S:
            if not wire.send(b"x"):
                return None
            time.sleep(1)
        return f"still open after {LONGEST_S} s"


def reads_slowly(service):
    """A reply that is taken piece by piece is not cut off while it moves."""
    with Wire(service.daemon.address, receive=4096) as wire:
        wire.send(get(b"Connection: close\r\n", target=b"/openapi.yaml"))
        while came(wire, 5):
            time.sleep(0.05)
    return None


def half_closed(service):
    with Wire(service.daemon.address) as wire:
        wire.send(service.questions[1].sent)
        wire.no_more()
        reply = wire.reply()
        if reply is None or service.questions[1].wrong(reply):
            return "no answer"
        return "more than an answer" if wire.rest() else None


def half_closed_within(sent):
    def client(service):
        with Wire(service.daemon.address) as wire:
            wire.send(sent)
            wire.no_more()
            rest = wire.rest()
            return f"answered {rest[:80]}" if b" 200 " in rest else None
    return client


def resets(sent, times=20):
    def client(service):
        for _ in range(times):
            wire = Wire(service.daemon.address)
            wire.send(sent)
            wire.reset()
    return client


def gone_without_reading(service):
    for _ in range(20):
        with Wire(service.daemon.address) as wire:
            wire.send(service.questions[1].sent * 3)
    return None


def dribbled_and_right(service):
    """Slow, but within the time: answered."""
    question = service.questions[2]
    with Wire(service.daemon.address) as wire:
        for at in range(0, len(question.sent), 60):
            wire.send(question.sent[at : at + 60])
            time.sleep(0.1)
        reply = wire.reply()
        return "closed" if reply is None else question.wrong(reply)


BODY = ask(b"Content-Length: 1000\r\n", b"")
FORM = post_form([("file", bytes(1000))])[:-900]

CLIENTS = [
    ("says nothing", starts(b"")),
    ("half a request line", starts(b"GET /v1/snap")),
    ("a request line a byte at a time", starts(b"GET /", b"a")),
    ("a header line each second", starts(b"GET / HTTP/1.1\r\n" + HOST_LINE, b"X: y\r\n")),
    ("a header a byte at a time", starts(b"GET / HTTP/1.1\r\nX: ", b"y")),
    ("no empty line", starts(get()[:-2])),
    ("empty lines only", starts(b"", b"\r\n")),
    ("TLS hello without a line's end", starts(bytes.fromhex("16030100c8010000c40303") + bytes(190))),
    ("nothing after a reply", after_a_reply),
    ("no body", starts(BODY)),
    ("half a body", starts(BODY + b"a" * 500)),
    ("a body a byte at a time", starts(BODY, b"a")),
    ("a form a byte at a time", starts(FORM, b"a")),
    ("8 MiB a byte at a time", starts(ask(b"Content-Length: 8388608\r\n", b""), b"a")),
    ("no body after 100", after_100),
    ("asks and never reads", never_reads),
    ("reads slowly", reads_slowly),
    ("asks slowly", dribbled_and_right),
    ("half closed after a request", half_closed),
    ("half closed in the header", half_closed_within(get()[:30])),
    ("half closed in the body", half_closed_within(BODY + b"abc")),
    ("reset at once", resets(b"")),
    ("reset in the header", resets(get()[:30])),
    ("reset in the body", resets(BODY + b"abc")),
    ("reset after a request", resets(get() * 10)),
    ("gone without reading", gone_without_reading),
]


def try_client(service, name, client):
    try:
        sentence = client(service)
    except (Broken, OSError) as broken:
        sentence = str(broken)
    return [f"slow: {name}: {sentence}"] if sentence else []


def good_until(service, pending):
    """Good requests until all others are done; how long each set took."""
    wrong, taken = [], []
    while any(not future.done() for future in pending):
        began = time.monotonic()
        wrong += service.good()
        taken.append(time.monotonic() - began)
        time.sleep(0.02)
    return wrong, sorted(taken)


def threat_43_slow_clients(service, clients):
    """All at once, each in a thread of its own."""
    with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
        pending = [pool.submit(try_client, service, name, client) for name, client in clients]
        wrong, taken = good_until(service, pending)
        for future in pending:
            wrong += future.result()
    return wrong, taken


def threat_43_a_crowd(service):
    """IDLE clients say nothing, and as many a part of a header; good requests in between."""
    alone = sorted(timed(service) for _ in range(20))
    wires = [Wire(service.daemon.address) for _ in range(IDLE)]
    for wire in wires[::2]:
        wire.send(b"GET / HTTP/1.1\r\nX: ")
    wrong, taken = [], []
    for _ in range(20):
        began = time.monotonic()
        wrong += service.good()
        taken.append(time.monotonic() - began)
    for wire in wires:
        said = came(wire, PATIENCE_S)
        if said != b"":
            wrong.append(f"an idle client: {said}")
        wire.close()
    taken.sort()
    print(f"-- {IDLE} idle clients: {len(wrong)} wrong; a set of good requests took {middle(alone)} ms alone, {middle(taken)} ms among them", flush=True)
    return wrong


def timed(service):
    began = time.monotonic()
    service.good()
    return time.monotonic() - began


def middle(times):
    return f"{1000 * times[len(times) // 2]:.1f} (at most {1000 * times[-1]:.1f})"


def full(service):
    """As many as may be open; one more is told to come back, and who was there before is served."""
    most = int(re.search(r'"connections":([0-9]+)', service.daemon.log.read_text())[1])
    wrong = []
    with Wire(service.daemon.address) as early:
        service.questions[0].put(early)
        wires = [Wire(service.daemon.address) for _ in range(most)]
        with Wire(service.daemon.address) as late:
            late.send(get())
            reply = late.reply()
            if reply is None or reply.status != 503 or not reply.headers.get("retry-after", "").isdigit() or not reply.closes():
                wrong.append(f"full: one more got {vars(reply) if reply else 'nothing'}")
        wrong += service.good(early)
        for wire in wires:
            wire.close()
    service.daemon.descriptors_fall_to(60)
    wrong += service.good()
    print(f"-- {most} connections, as {DESCRIPTORS} descriptors allow, and one more: {len(wrong)} wrong", flush=True)
    return wrong


def too_many_pictures(service):
    """More at once than may wait: some are told to come back, all others are read, and nobody else waits for them. Then as many
    whose senders have gone before they are read."""
    sent = post("/v1/verify", "image/png", png(1000, 1000, (b"\0" + b"\xff" * 1000) * 1000))
    wires = [Wire(service.daemon.address) for _ in range(PICTURES)]
    for wire in wires:
        wire.send(sent)
    wrong = service.good()
    statuses = []
    for wire in wires:
        with wire:
            statuses.append(come_back_or(wire.reply(), is_verdict("undetermined", "CODE-UNREADABLE")))
    wrong += only(f"{PICTURES} pictures at once", statuses, {200, 503})
    for _ in range(PICTURES):
        wire = Wire(service.daemon.address)
        wire.send(sent)
        wire.reset()
    return wrong + service.good()


def come_back_or(reply, right):
    """503 with the time to come back after, or the answer; its status, or what is wrong."""
    if reply is None:
        return "closed without a reply"
    if reply.status == 503 and reply.headers.get("retry-after", "").isdigit():
        return 503
    return reply.status if reply.status == 200 and not right(reply) else f"{reply.status} {reply.body[:100]}"


def ask_at_once(service, requests, right):
    """All are sent before any answer is read."""
    wires = [Wire(service.daemon.address) for _ in requests]
    for wire, sent in zip(wires, requests):
        wire.send(sent)
    statuses = []
    for wire in wires:
        with wire:
            statuses.append(come_back_or(wire.reply(), right))
    return statuses


def only(title, statuses, wanted):
    print(f"-- {title}: {statuses.count(200)} answered, {statuses.count(503)} told to come back", flush=True)
    return [] if {*statuses} == wanted else [f"{title}: {statuses}"]


def one_client_leaves_room(service):
    """However many pictures one client sends at once, another's is read."""
    held = service.held
    photos = [post("/v1/verify", "image/png", held.photo, [f"X-Forwarded-For: {who}"]) for who in ["203.0.113.9"] * 30 + ["203.0.113.10"]]
    statuses = ask_at_once(service, photos, is_verdict("valid"))
    return only("30 photos of one client, one of another", statuses, {200, 503}) + ([] if statuses[-1] == 200 else [f"the other: {statuses[-1]}"])


def more_bodies_than_memory(service):
    """Each is within the limit; together they are not. Who is told to come back may."""
    held = service.held
    body = post("/v1/verify", "application/pdf", held.pdf + bytes(LIMIT_PDF_BYTES - len(held.pdf)))
    changed = is_verdict("rejected", "FILE-CHANGED")
    wires = [Wire(service.daemon.address) for _ in range(BODIES)]
    for wire in wires:
        wire.send(body[:-1])
    statuses = []
    for wire in wires:
        with wire:
            wire.send(body[-1:])
            statuses.append(come_back_or(wire.reply(), changed))
    return only(f"{BODIES} bodies of 8 MiB at once", statuses, {200, 503}) + service.good()


def ends_while_pictures_wait(service):
    """Every one of them is answered, or told to come back."""
    wires = [Wire(service.daemon.address) for _ in range(24)]
    for wire in wires:
        wire.send(post("/v1/verify", "image/png", service.held.photo))
    select.select([wires[0].socket], [], [], PATIENCE_S)  # the first is answered, the others wait
    service.daemon.end()
    statuses = []
    for wire in wires:
        with wire:
            statuses.append(come_back_or(wire.reply(), is_verdict("valid")))
    return only("SIGTERM with 24 photos waiting", statuses, {200, 503})


def with_few_descriptors(service):
    wrong = full(service) + one_client_leaves_room(service) + more_bodies_than_memory(service)
    return wrong + ends_while_pictures_wait(service)


def run(service, descriptors):
    wrong, taken = threat_43_slow_clients(service, CLIENTS)
    print(f"-- {len(CLIENTS)} slow clients: {len(wrong)} wrong; a set of good requests took {middle(taken)} ms meanwhile", flush=True)
    wrong += threat_43_a_crowd(service) + too_many_pictures(service)
    if (now := service.daemon.descriptors_fall_to(descriptors)) > descriptors:
        wrong.append(f"after slow clients: {now} descriptors, {descriptors} before")
    return wrong
