"""The avatar node's parameters: one table."""

from clipactor_node.body import DETAILS
from clipactor_node.player import CLOTH, CLOTHES, IDLES, MOTION_SOURCES
from clipactor_node.retrieval import MIN_CONFIDENCE, PROFILES
from clipactor_node.ros.parameters.setting import Setting
from clipactor_node.ros.publishers.surface import MESH_TEXTURE_RATE
from clipactor_node.ros.publishers.worn_mesh import OFF, TEXTURES
from clipactor_node.style import PRESETS

SWITCHED = {
    name: f"the topic {name}"
    for name in ("joint_states", "odom", "foot_contacts", "trajectory", "mesh", "mesh_compact", "points")
}
"""Topics that can be switched off, and what to call them."""

SETTINGS = (
    Setting(
        "rate_hz",
        30.0,
        "Ticks of the avatar's clock per second; every clip is resampled to it.",
        1.0,
        240.0,
        live=True,
    ),
    Setting("command", "", "What to perform when the node has started; empty: idle."),
    Setting(
        "loop", True, "Go on with the last motion until the next command; false: once, then idle.", live=True
    ),
    Setting(
        "facing",
        "keep",
        "keep: perform the way the avatar faces; front: turn to where it faced at first, then perform.",
        choices=("keep", "front"),
        live=True,
    ),
    Setting(
        "place",
        "keep",
        "keep: go wherever motions lead; home: dance on the spot, and come back to where the avatar stood at "
        "first when it has gone far.",
        choices=("keep", "home"),
        live=True,
    ),
    Setting(
        "idle",
        "alive",
        "While nothing is asked for. alive: breathe, shift weight, look around, blink; still: hold a pose.",
        choices=IDLES,
        live=True,
    ),
    Setting(
        "places",
        "",
        "YAML file of places by name, such as `door: [x, y, z, yaw in degrees]` in map_frame; empty: none.",
    ),
    Setting(
        "map_topic",
        "",
        "nav_msgs/OccupancyGrid whose obstacles are kept clear of, such as /map or /global_costmap/costmap; "
        "empty: none.",
    ),
    Setting("autostart", True, "Play at once; false: wait until a lifecycle manager activates the node."),
    Setting("body", "", "Body file to wear; empty, or a file that cannot be used: the one that ships."),
    Setting(
        "library",
        "",
        "Motion packs, or folders of them, separated by ':'; empty: the shipped clips and the user's.",
    ),
    Setting(
        "retrieval",
        "offline",
        "Encoders that match commands with labels; a second stage is used where it is prepared.",
        choices=tuple(PROFILES),
    ),
    Setting(
        "min_confidence",
        MIN_CONFIDENCE,
        "Commands that match the library with less confidence than this are refused; 0: none is.",
        0.0,
        1.0,
    ),
    Setting(
        "motion_source",
        "library",
        "library: clips only; auto: a motion is generated where no label is sure enough, and played if it "
        "shows the words better than the best clip; generated: always tried first.",
        choices=MOTION_SOURCES,
    ),
    Setting(
        "generation_steps", 10, "Steps of the diffusion that generates motions; fewer are faster.", 1, 50
    ),
    Setting(
        "map_frame",
        "map",
        "Fixed frame, in which base_footprint, mesh and points are given.",
        pattern=(r"[^/\s][^\s]{0,199}", "the name of a frame: no spaces, no slash in front"),
        live=True,
    ),
    Setting(
        "frame_prefix",
        "",
        "Put before every frame of the body, so that several avatars share /tf.",
        pattern=(r"([^/\s][^\s]{0,99})?", "how frames begin: no spaces, no slash in front"),
        live=True,
    ),
    *(
        Setting(f"publish_{topic}", True, f"Publish {where}.", live=True)
        for topic, where in {"tf": "the frames of the body on /tf", **SWITCHED}.items()
    ),
    Setting(
        "lit_colors", True, "Shade the mesh's colors, because RViz draws vertex colors unlit.", live=True
    ),
    Setting(
        "mesh_detail",
        "plain",
        "Vertices of mesh and points: half, once, twice or four times those of the body file.",
        choices=DETAILS,
        live=True,
    ),
    Setting(
        "clothes",
        CLOTH,
        "cloth: garments that are meshes of their own, sewn aside while what is worn stays on; paint: on the "
        "body itself; none: plain paint, whatever is said about looks.",
        choices=CLOTHES,
        live=True,
    ),
    Setting(
        "cloth_motion",
        True,
        "Skirts, coats, capes and long hair of cloth swing; false: they move as skinning moves them.",
        live=True,
    ),
    Setting(
        "mesh_texture",
        OFF,
        "Texels along a side of the picture that mesh carries for clothes of cloth, instead of colors.",
        choices=TEXTURES,
        live=True,
    ),
    Setting(
        "mesh_texture_rate",
        MESH_TEXTURE_RATE,
        "At most so many meshes with a picture per second: RViz loads it anew with every one.",
        0.1,
        60.0,
        live=True,
    ),
    Setting(
        "mesh_encoding",
        "uint16",
        "Positions of mesh_compact: steps of some hundredths of a millimetre, or metres.",
        choices=("uint16", "float32"),
        live=True,
    ),
    Setting(
        "optimize_new_styles",
        "ask",
        "Looks that nobody optimized yet are worn as the words describe them; and then: always have them "
        "optimized in the background, ask (state says that `stylize` would), or never.",
        choices=("always", "ask", "never"),
        live=True,
    ),
    Setting(
        "style_preset",
        "auto",
        "Schedule of optimizations; auto: gpu-fast where the worker has a GPU, else proposal: as painted.",
        choices=("auto", *PRESETS),
        live=True,
    ),
    Setting("style_python", "", "Interpreter of the worker, with the [style] extra; empty: the node's own."),
    Setting("style_threads", 1, "Processor threads of the worker; more are rarely faster.", 1, 256),
    Setting("style_niceness", 19, "Of the worker; with 19 all else on this machine goes first.", 0, 19),
    Setting(
        "style_backend",
        "local",
        "Where styles are optimized: in a process on this machine, or on a Ray cluster.",
        choices=("local", "ray"),
    ),
    Setting("ray_address", "", "Of the Ray cluster, such as host:6379; empty: the one on this machine."),
    Setting(
        "hri",
        "off",
        "Be seen by ROS4HRI (REP 155) tools: as a tracked body, or as a tracked person with that body.",
        choices=("off", "body", "person"),
    ),
    Setting("diagnostics_period", 1.0, "Seconds between two messages on /diagnostics.", 0.1, 60.0, live=True),
)
