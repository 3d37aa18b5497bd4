// The page works without this. With it there are many files with their progress, the camera, evidence and printing
// under an answer, and a plain sentence when the service cannot be reached. It judges nothing: whatever it shows of a
// certificate is the server's own HTML, asked for by the page's own form. A browser that lacks what it needs (before
// October 2020) keeps the page as it is without.
"use strict";

const FILE_BYTES = 8 << 20; // what the server takes of one file
const FORM_BYTES = 60 << 20; // and of all files of one form, with room for what is around them
const FORM_FILES = 100;
const AT_ONCE = 2; // files under way
const BUSY_AGAIN = 6; // how often a busy server is asked again
const REPLY_MS = 120000;
const CAMERA_MS = 60000;
const FRAME_MS = 1000; // between two pictures of the camera
const PHOTO_SIDE = 4000; // pixels, of a photograph that has to be made smaller

const words = {
	zh: {
		lost: "没有连上核验服务：可能断网了，或服务正在维护。选好的文件和填写的内容都还在。请检查网络，稍后再试；急用时请向发证机关查询。",
		failed: "核验服务没有答复，不是证书的问题。请稍后再试；急用时请向发证机关查询。",
		large: "文件太大：每份不超过 8 MB。证书原件一般不到 1 MB，请看是否选错了文件。",
		working: "正在核验…",
		chosen: (n) => `已选 ${n} 个文件`,
		progress: (n, all) => `已核验 ${n} / ${all}`,
		results: (n) => `${n} 份核验结果`,
		several: "画面里有不止一份证书的二维码。请只对准其中一份。",
		undone: "没有完成",
		unasked: "还没有问到，可以重试。",
		retry: (n) => `重试没有完成的 ${n} 份`,
		remove: "去掉文件",
		both: "文件和编号只能核验一种：请去掉文件，或清空编号。",
		again: "核验另一份",
		print: "打印",
		evidence: "下载证据文件",
		camera: "摄像头扫码",
		stop: "关闭摄像头",
		aim: "请把二维码放到画面中央，靠近一些，拿稳。",
		foreign: "画面里的二维码不是证书的。请对准证书上的二维码。",
		unread: "一分钟内没有读出二维码，摄像头已关闭。请换到亮处、靠近一些再试，或改为拍照。",
		refused: "没有得到使用摄像头的许可。请在浏览器设置中允许，或改为拍照、选择文件。",
		none: "这台设备没有可用的摄像头。请改为选择文件。",
		typed: "也可填写编号和校验码。",
	},
	en: {
		lost: "The service could not be reached: the network may be down, or the service under repair. Your files and what you typed are still here. Look after the network and try again in a while; if it is urgent, ask the bureau.",
		failed: "The service did not answer; that says nothing about the certificate. Try again later; if it is urgent, ask the bureau.",
		large: "The file is too large: 8 MB at most. A certificate has less than 1 MB, so see whether it is the right file.",
		working: "Checking…",
		chosen: (n) => `${n} files chosen`,
		progress: (n, all) => `checked ${n} of ${all}`,
		results: (n) => `${n} results`,
		several: "The picture has the codes of more than one certificate. Point at one alone.",
		undone: "Not done",
		unasked: "Not asked yet: it can be tried again.",
		retry: (n) => `Try again: ${n} not done`,
		remove: "Remove the file",
		both: "A file and a number were given: check one at a time. Remove the file, or empty the number.",
		again: "Check another",
		print: "Print",
		evidence: "Download evidence",
		camera: "Live camera",
		stop: "Stop the camera",
		aim: "Hold the code in the middle of the picture, near and still.",
		foreign: "The code in the picture is no certificate's. Point at the code on the certificate.",
		unread: "No code could be read within a minute, so the camera is off. Try again in better light and nearer, or take a photograph.",
		refused: "The camera may not be used. Allow it in the browser's settings, or take a photograph or choose a file.",
		none: "This device has no camera that can be used. Choose a file.",
		typed: " Or type number and check code.",
	},
}[document.documentElement.lang === "en" ? "en" : "zh"];

const able = "replaceChildren" in Element.prototype; // the newest thing used here
const form = document.querySelector("form[enctype]:not(.proof)");
const say = document.getElementById("say");
const result = document.getElementById("result");
const otherLanguage = document.querySelector(".lang");
const title = document.title;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function make(tag, className, text) {
	const element = document.createElement(tag);

	if (className) {
		element.className = className;
	}
	if (text) {
		element.textContent = text;
	}
	return element;
}

function button(text, click, className = "second") {
	const element = make("button", className, text);

	element.type = "button";
	element.addEventListener("click", click);
	return element;
}

// What goes on, "bad" if a person has to do something, "heard" if it is on the page already.
function tell(text, how = "") {
	say.textContent = text;
	say.className = how;
	if (form) {
		for (const input of form.querySelectorAll("[aria-invalid]")) {
			input.removeAttribute("aria-invalid");
			input.removeAttribute("aria-describedby");
		}
	}
	if (how === "bad") {
		say.scrollIntoView({ block: "nearest" });
	}
}

// Why there is no answer, and the keyboard goes to the field that is to blame.
function complain(error) {
	const ours = error instanceof Unanswered;
	const input = ours && error.field && form && !form.hidden && form.querySelector(`[name="${error.field}"]`);

	tell(ours ? error.message : words.failed, "bad");
	if (input) {
		const folded = input.closest("details");
		if (folded) {
			folded.open = true;
		}
		input.setAttribute("aria-invalid", "true");
		input.setAttribute("aria-describedby", "say");
		input.focus({ preventScroll: true });
		say.scrollIntoView({ block: "nearest" });
	}
}

// A button that is at work keeps the keyboard's focus, and does nothing when it is pressed again.
async function whileWorking(pressed, work) {
	if (pressed.getAttribute("aria-disabled")) {
		return;
	}
	pressed.setAttribute("aria-disabled", "true");
	try {
		await work();
	} catch (error) {
		complain(error);
	}
	pressed.removeAttribute("aria-disabled");
}

// ---- asking the server ----

// Why there is no answer, in a sentence of ours; `later` if it may go better another time, `field` if one is to blame.
class Unanswered extends Error {
	constructor(sentence, later, field) {
		super(sentence);
		this.later = later;
		this.field = field;
	}
}

// What is asked besides, as filled in, and what is handed in: a list of [name, value].
function question(inputs) {
	const data = new FormData();

	for (const [name, value] of new FormData(form)) {
		const input = ["file", "code", "number", "check_code"].includes(name);
		if (!input && value !== "") {
			data.append(name, value);
		}
	}
	for (const [name, value] of inputs) {
		data.append(name, value);
	}
	return data;
}

async function post(data) {
	const stop = new AbortController();
	const late = setTimeout(() => stop.abort(), REPLY_MS);

	try {
		const reply = await fetch("/", { method: "POST", body: data, headers: { Accept: "text/html" }, signal: stop.signal });
		return { reply, body: await reply.blob() };
	} catch (error) {
		throw new Unanswered(words.lost, true);
	} finally {
		clearTimeout(late);
	}
}

// The reply, once the server is not too busy; whatever is no answer is the sentence that says why.
async function ask(data) {
	for (let left = BUSY_AGAIN; ; left--) {
		const { reply, body } = await post(data);
		const page = (reply.headers.get("Content-Type") || "").startsWith("text/html");
		const main = page ? new DOMParser().parseFromString(await body.text(), "text/html").querySelector("main") : null;
		if (reply.ok) {
			return { reply, body, main };
		}
		const wait = Number(reply.headers.get("Retry-After"));
		const busy = reply.status === 503 || (reply.status === 429 && !main); // that is a proxy's, of too many files
		if (!busy || left === 0 || !(wait > 0 && wait <= 10)) {
			const problem = main && main.querySelector(".verdict.problem");
			throw new Unanswered(problem ? problem.querySelector(".truth").textContent : words.failed, busy || reply.status >= 500,
				problem && problem.dataset.field);
		}
		await pause(wait * 1000);
	}
}

// ---- evidence and paper ----

async function download(data) {
	tell(words.working);
	data.set("want", "evidence");
	const { reply, body, main } = await ask(data);
	if (main) {
		throw new Unanswered(main.querySelector(".truth").textContent);
	}
	const name = /filename="([^"]+)"/.exec(reply.headers.get("Content-Disposition") || "");
	const link = make("a");
	link.href = URL.createObjectURL(body);
	link.download = name ? name[1] : "evidence.tar";
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60000);
	tell("");
}

// What can be done with an answer; data: what was asked, null where no evidence can be had.
function tools(data, prints) {
	const line = make("p", "tools");

	if (prints) {
		line.append(button(words.print, () => window.print()));
	}
	if (data) {
		line.append(button(words.evidence, (event) => whileWorking(event.target, () => download(data))));
	}
	return line;
}

// ---- the form, or the answers in its place ----

// Files that were answered are done with: what is handed in next must not be mistaken for them. Nor is it asked about
// by a lesser measure than the usual one without anybody's choosing so.
function showForm() {
	if (form.hidden) {
		forgetFiles();
		form.querySelector("[name=for]").checked = true;
	}
	result.textContent = "";
	form.querySelector("button:not(.second)").removeAttribute("aria-disabled");
	document.title = title;
	otherLanguage.target = "";
	form.hidden = false;
	document.getElementById("top").hidden = false;
	tell("");
}

function showResult(...parts) {
	const heading = parts[0];

	result.replaceChildren(...parts);
	if (!form.hidden) {
		history.pushState("result", "");
	}
	form.hidden = true;
	document.getElementById("top").hidden = true;
	document.title = heading.textContent;
	otherLanguage.target = "_blank"; // the answers stay here
	heading.tabIndex = -1;
	heading.focus({ preventScroll: true });
	scrollTo(0, 0);
}

function backLink() {
	return button(words.again, () => history.back());
}

function showAnswer(main, data) {
	const unknown = main.querySelector(".verdict").dataset.reason === "CONFIRM-UNKNOWN";
	const line = tools(unknown ? null : data, true);

	main.querySelector(".tools").replaceWith(line);
	if (!unknown) {
		const offline = form.querySelector(".offline").cloneNode(true);
		offline.hidden = false;
		line.append(offline);
	}
	line.append(backLink());
	showResult(...main.children);
	tell([...result.querySelectorAll(".verdict .word, .verdict .truth")].map((e) => e.textContent).join(" "), "heard");
}

// ---- many files ----

const RANKS = ["problem", "undetermined", "rejected", "valid"]; // the worst first, as the server has it

function row(rank, word, name, says) {
	const details = make("details", `row ${rank}`);
	const summary = make("summary");

	summary.append(word, " ", make("span", "name", name), " ", make("span", "says", says));
	details.append(summary);
	return details;
}

function answerRow(main, name) {
	const verdict = main.querySelector(".verdict");
	const word = make("b", "word");
	const rank = RANKS.find((r) => verdict.classList.contains(r));
	const details = row(rank, word, name, verdict.dataset.line);

	word.append(...verdict.querySelector(".word").cloneNode(true).childNodes);
	for (const part of main.querySelectorAll("h1, .asked, .tools")) {
		part.remove();
	}
	details.append(...main.children);
	return details;
}

// Behind all that are not better, in the order of the files.
function place(rows, details, index) {
	const key = (e) => RANKS.findIndex((r) => e.classList.contains(r)) * 1e6 + Number(e.dataset.index);

	details.dataset.index = index;
	rows.insertBefore(details, [...rows.children].find((e) => key(e) > key(details)) || null);
}

function totals(rows) {
	const list = make("ul", "totals");

	for (const rank of RANKS) {
		const found = rows.querySelectorAll(`.row.${rank}`);
		if (found.length > 0) {
			const item = make("li", rank);
			item.append(make("b", "", String(found.length)), ` ${found[0].querySelector(".word").lastChild.textContent.trim()}`);
			list.append(item);
		}
	}
	return list;
}

// One file's row; what was asked is kept with it, for its evidence. The first answer says for all when and what.
async function rowOf(file, asked) {
	try {
		const data = question([["file", await takeable(file)]]);
		const { main } = await ask(data);
		if (!asked.textContent) {
			asked.textContent = main.querySelector(".asked").textContent;
			asked.className = main.querySelector(".asked").className;
		}
		const details = answerRow(main, file.name);
		details.append(tools(data, false));
		return details;
	} catch (error) {
		const why = error instanceof Unanswered ? error.message : words.failed;
		const details = row("problem", make("b", "word", words.undone), file.name, error.later ? words.unasked : why);
		details.classList.toggle("later", Boolean(error.later));
		details.dataset.why = why;
		return details;
	}
}

// Asks about the files of one round, some at once, and places each row as its answer comes.
async function round(rows, asked, waiting, step) {
	const worker = async () => {
		for (let next = waiting.shift(); next && rows.isConnected; next = waiting.shift()) {
			place(rows, await rowOf(next[1], asked), next[0]);
			step();
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

// Evidence of all that were answered, where the server takes so much at once; of each alone there always is.
function toolsOfAll(files, rows) {
	const answered = [...rows.querySelectorAll(".row:not(.problem)")].map((e) => files[e.dataset.index]);
	const bytes = answered.reduce((sum, file) => sum + file.size, 0);
	const fits = answered.length > 0 && answered.length <= FORM_FILES && bytes <= FORM_BYTES;

	return tools(fits ? question(answered.map((file) => ["file", file])) : null, true);
}

async function checkMany(files) {
	const rows = make("div", "rows");
	const way = make("div", "way");
	const asked = make("p", "asked");

	showResult(make("h1", "", words.results(files.length)), way, asked, rows);
	for (let todo = [...files.entries()]; todo.length > 0; ) {
		const count = make("p", "note");
		const bar = make("progress");
		bar.setAttribute("aria-label", words.working);
		bar.max = files.length;
		way.replaceChildren(count, bar);
		tell(words.working, "heard");
		const step = () => {
			bar.value = rows.children.length;
			count.textContent = words.progress(rows.children.length, files.length);
		};
		step();
		await round(rows, asked, todo, step);
		if (!rows.isConnected) {
			return; // nobody waits for it any more
		}

		const undone = [...rows.querySelectorAll(".row.later")];
		const line = toolsOfAll(files, rows);
		line.append(backLink());
		way.replaceChildren(totals(rows), line);
		tell(way.firstChild.textContent, "heard");
		todo = undone.map((e) => [Number(e.dataset.index), files[e.dataset.index]]);
		if (todo.length > 0) {
			tell(undone[0].dataset.why, "bad");
			await new Promise((pressed) => line.prepend(button(words.retry(todo.length), pressed, "")));
			undone.forEach((e) => e.remove());
		}
	}
}

// ---- one input ----

async function checkOne(inputs) {
	const data = question(inputs);

	tell(words.working);
	const { main } = await ask(data);
	showAnswer(main, data);
}

// A photograph larger than the server takes is made smaller; its code is as readable as before.
async function takeable(file) {
	if (file.size <= FILE_BYTES) {
		return file;
	}
	try {
		const picture = await createImageBitmap(file);
		const scale = Math.min(1, PHOTO_SIDE / Math.max(picture.width, picture.height));
		const canvas = make("canvas");
		canvas.width = picture.width * scale;
		canvas.height = picture.height * scale;
		canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
		const blob = await new Promise((made) => canvas.toBlob(made, "image/jpeg", 0.9));
		return new File([blob], file.name, { type: "image/jpeg" });
	} catch (error) {
		throw new Unanswered(words.large, false, "file");
	}
}

function chosenFiles() {
	return [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
}

function showChosen() {
	const files = chosenFiles();

	document.getElementById("chosen").textContent = files.length === 1 ? files[0].name : files.length > 1 ? words.chosen(files.length) : "";
	document.getElementById("remove").hidden = files.length === 0;
	tell("");
	if (files.length > 0) {
		form.querySelector("button:not(.second)").scrollIntoView({ block: "nearest" });
	}
}

function forgetFiles() {
	for (const input of form.querySelectorAll("input[type=file]")) {
		input.value = "";
	}
	showChosen();
}

async function submit(event) {
	const files = chosenFiles();
	const typed = ["number", "check_code"].filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]);
	const pressed = form.querySelector("button:not(.second)");

	event.preventDefault();
	await whileWorking(pressed, async () => {
		if (files.length > 0 && typed.some(([, value]) => value !== "")) {
			throw new Unanswered(words.both, false, "number");
		}
		if (files.length > 1) {
			await checkMany(files);
		} else {
			await checkOne(files.length === 1 ? [["file", await takeable(files[0])]] : typed);
		}
	});
}

// ---- the camera ----

// Number and check code are advised where the page has them.
function orTyped(sentence) {
	return form.elements.number ? sentence + words.typed : sentence;
}

async function codeReader() {
	const can = "BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code");

	return can ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
}

// What the picture holds: the text of a code, or the picture itself where this browser reads no codes. A certificate's
// code beside others' is found; between two certificates nobody but the visitor can choose.
async function look(video, reader) {
	if (reader) {
		const codes = new Set((await reader.detect(video)).map((code) => code.rawValue));
		const ours = [...codes].filter((text) => text.includes("/q/1/"));
		if (codes.size > 0 && ours.length !== 1) {
			tell(ours.length > 1 ? words.several : words.foreign);
		}
		return ours.length === 1 ? ["code", ours[0]] : null;
	}
	const canvas = make("canvas");
	canvas.width = video.videoWidth;
	canvas.height = video.videoHeight;
	canvas.getContext("2d").drawImage(video, 0, 0);
	const blob = await new Promise((made) => canvas.toBlob(made, "image/jpeg", 0.9));
	return ["file", new File([blob], "camera.jpg", { type: "image/jpeg" })];
}

// One picture after another, until one is answered, the minute is over or nobody wants it any more.
async function watch(video, wanted) {
	const reader = await codeReader();

	for (const end = Date.now() + CAMERA_MS; Date.now() < end && wanted(); ) {
		const next = pause(FRAME_MS);
		const input = video.videoWidth > 0 ? await look(video, reader) : null;
		if (input && wanted()) {
			const data = question([input]);
			const { main } = await ask(data);
			if (main.querySelector(".verdict").dataset.reason !== "CODE-UNREADABLE") {
				return wanted() ? { main, data } : null;
			}
		}
		await next;
	}
	if (wanted()) {
		throw new Unanswered(orTyped(words.unread));
	}
	return null;
}

async function useCamera(event) {
	const opener = event.target;
	let stream;

	try {
		stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } } });
	} catch (error) {
		tell(orTyped(error.name === "NotAllowedError" ? words.refused : words.none), "bad");
		return;
	}
	let wanted = true;
	const video = make("video");
	const panel = make("div");
	panel.id = "camera";
	video.muted = true;
	video.playsInline = true;
	video.srcObject = stream;
	panel.append(video, button(words.stop, () => { wanted = false; finish(); }));
	const finish = () => {
		stream.getTracks().forEach((track) => track.stop());
		panel.replaceWith(opener);
	};
	opener.replaceWith(panel);
	tell(words.aim);
	try {
		await video.play();
		const found = await watch(video, () => wanted);
		if (found) {
			finish();
			showAnswer(found.main, found.data);
		} else {
			tell("");
		}
	} catch (error) {
		finish();
		tell(error instanceof Unanswered ? error.message : orTyped(words.none), "bad");
	}
}

// ---- what the page has at its beginning ----

function beginForm() {
	const drop = document.getElementById("drop");
	const over = (on) => (event) => {
		event.preventDefault();
		drop.classList.toggle("over", on);
	};

	document.documentElement.classList.add("js");
	form.querySelector(".second").hidden = true;
	form.querySelector(".offline").hidden = true;
	const remove = button(words.remove, forgetFiles);
	remove.id = "remove";
	form.querySelector(".ways").append(remove);
	form.addEventListener("submit", submit);
	form.addEventListener("change", showChosen);
	addEventListener("popstate", showForm);
	addEventListener("dragover", over(true));
	addEventListener("dragleave", over(false));
	addEventListener("drop", (event) => {
		over(false)(event);
		if (event.dataTransfer.files.length > 0) {
			showForm();
			document.getElementById("file").files = event.dataTransfer.files;
			showChosen();
		}
	});
	if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
		form.querySelector(".ways").prepend(button(words.camera, useCamera));
	}
	showChosen();
}

function beginAnswer(line) {
	const proof = document.querySelector("form.proof");

	line.prepend(button(words.print, () => window.print()));
	if (proof) {
		proof.addEventListener("submit", (event) => {
			event.preventDefault();
			whileWorking(proof.querySelector("button"), () => download(new FormData(proof)));
		});
	}
}

if (able && form) {
	beginForm();
} else if (able && document.querySelector(".verdict:not(.problem)")) {
	beginAnswer(document.querySelector(".tools"));
}
