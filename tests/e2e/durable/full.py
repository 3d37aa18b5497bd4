"""A full disk: so many KiB are left when a command begins that issues or revokes, or publishes. It ends well, or with a sentence and
nothing lost; and when there is room again it goes on alone. The disk is a tmpfs, with both copies of the register on it."""
import os

from bureau import Failed, run as run_program
from durable.lives import Step
from durable.scenes import Scene, Stage, walk

SIZE = "16m"
PAGE = 4096


def fill(folder, left_kib):
    """Everything but so much is taken."""
    space = os.statvfs(folder)
    with open(folder / "filler", "wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, max(PAGE, space.f_bavail * space.f_frsize - left_kib * 1024))


def play(stage, scene, left_kib):
    stage.set(scene)
    fill(stage.folder, left_kib)
    done = stage.bureau.run(scene.step.officer, *scene.step.words)
    stage.ledger.acknowledge(done.stdout)
    if done.returncode < 0:
        stage.ledger.complain("other", f"died of signal {-done.returncode}")
    elif done.returncode != 0 and not done.stderr:
        stage.ledger.complain("other", f"ended with {done.returncode} and without a word")
    (stage.folder / "filler").unlink()
    stage.again(scene)
    return done.returncode == 0


def run(bureau, levels, total, tell):
    """levels: KiB left, each for each command."""
    scenes = walk(bureau)
    scenes.append(Scene(Step(None, "publish"), bureau, ""))
    stage = Stage(bureau.work / "small", bureau.work / "kept")
    done = run_program(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", stage.folder], bureau.work)
    if done.returncode != 0:
        raise Failed(f"a tmpfs of {SIZE}: {done.stderr}")
    try:
        for scene in scenes:
            stage.rehearse(scene)
        well = [play_and_add(stage, scene, left_kib, total) for scene in scenes for left_kib in levels if total.well()]
        if all(well) or not any(well):
            raise Failed(f"{sum(well)} of {len(well)} commands ended well: the levels do not show a disk that fills up")
    finally:
        run_program(["umount", "--lazy", stage.folder], bureau.work)
    total.count("full disks", len(well))
    tell(f"{len(well)} full disks; {len(well) - sum(well)} commands refused")


def play_and_add(stage, scene, left_kib, total):
    well = play(stage, scene, left_kib)
    total.add(stage.ledger, f"{scene}: {left_kib} KiB left")
    return well
