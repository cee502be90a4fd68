"""Skeletons as programs name and build them: joints of SMPL by their names there, and what else they have."""

from dataclasses import dataclass

TRUNK = ("pelvis", "spine1", "spine2", "spine3", "neck", "head")
LIMBS = ("collar", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot")


@dataclass(frozen=True)
class Convention:
    """Names of trunk and limbs in the order of TRUNK and LIMBS; "-" where a program has no such joint.

    side: how a limb's name is spelled. more: joints besides, (name, what it hangs on, offset) or (name, where
    its bone begins, where it ends, share of the way). hung: {joint: what it hangs on} where not as in SMPL.
    {s} is the side in names of limbs.
    """

    trunk: str
    limbs: str
    side: str
    sides: tuple[str, str] = ("Left", "Right")
    more: tuple = ()
    hung: tuple = ()

    def names(self):
        """SMPL joint -> name there."""
        named = dict(zip(TRUNK, self.trunk.split("|"), strict=True))
        for side, here in zip(("left", "right"), self.sides, strict=True):
            for joint, name in zip(LIMBS, self.limbs.split("|"), strict=True):
                named[f"{side}_{joint}"] = (
                    "-" if name == "-" else self.side.format(s=here, n=name.format(s=here))
                )
        return named

    def of(self, clip, rest_joints, figure_type):
        """(figure with SMPL's names, the same as this program has it)."""
        named = self.names()
        dropped = [joint for joint, name in named.items() if name == "-"]
        truth = figure_type.of(clip, rest_joints, still=dropped)
        figure = truth.without(*dropped)
        for name, *where in self.more:
            for side, here in zip(("left", "right"), self.sides, strict=True):
                if "{s}" not in name and side == "right":
                    continue
                place = [w.format(side=side, s=here) if isinstance(w, str) else w for w in where]
                own = name.format(s=here)
                if place == ["root"]:
                    figure = figure.with_joint(own, None)
                elif len(place) == 3:
                    figure = figure.with_joint(own, place[0], above=place[1], share=place[2])
                else:
                    figure = figure.with_joint(own, *place)
        for joint, parent in self.hung:
            for side in ("left", "right"):
                figure = figure.hung(joint.format(side=side), parent.format(side=side))
        return truth, figure.renamed(named)


_MIXAMO = "Hips|Spine|Spine1|Spine2|Neck|Head"
_MIXAMO_LIMBS = "Shoulder|Arm|ForeArm|Hand|UpLeg|Leg|Foot|ToeBase"


def _prefixed(prefix):
    trunk = "|".join(prefix + name for name in _MIXAMO.split("|"))
    return Convention(trunk, _MIXAMO_LIMBS, prefix + "{s}{n}")


CONVENTIONS = {
    "Mixamo, colon": _prefixed("mixamorig:"),
    "Mixamo, underscore": _prefixed("mixamorig_"),
    "Mixamo, numbered": _prefixed("mixamorig12:"),
    "MotionBuilder": _prefixed("Character1_"),
    "Robot": _prefixed("Robot_"),
    "namespaces in namespaces": _prefixed("scene:hero:"),
    "a studio's own prefix": _prefixed("ACME-hero01."),
    "SMPL, short": Convention(
        "Pelvis|Spine1|Spine2|Spine3|Neck|Head",
        "Collar|Shoulder|Elbow|Wrist|Hip|Knee|Ankle|Foot",
        "{s}_{n}",
        ("L", "R"),
    ),
    "SMPL, as Blender's add-on names it": Convention(
        "f_avg_Pelvis|f_avg_Spine1|f_avg_Spine2|f_avg_Spine3|f_avg_Neck|f_avg_Head",
        "Collar|Shoulder|Elbow|Wrist|Hip|Knee|Ankle|Foot",
        "f_avg_{s}_{n}",
        ("L", "R"),
        (("f_avg_root", "root"),),
    ),
    "VRM": Convention(
        "hips|spine|chest|upperChest|neck|head",
        "Shoulder|UpperArm|LowerArm|Hand|UpperLeg|LowerLeg|Foot|Toes",
        "{s}{n}",
        ("left", "right"),
    ),
    "VRoid": Convention(
        "J_Bip_C_Hips|J_Bip_C_Spine|J_Bip_C_Chest|J_Bip_C_UpperChest|J_Bip_C_Neck|J_Bip_C_Head",
        "Shoulder|UpperArm|LowerArm|Hand|UpperLeg|LowerLeg|Foot|ToeBase",
        "J_Bip_{s}_{n}",
        ("L", "R"),
        (
            ("Root", "root"),
            ("J_Sec_{s}_Bust1", "spine3", (0.0, 0.0, 0.1)),
            ("J_Adj_{s}_FaceEye", "head", (0.0, 0.05, 0.1)),
        ),
    ),
    "Rokoko": Convention(
        "Hips|Spine1|Spine2|Spine3|Neck|Head",
        "Shoulder|Arm|ForeArm|Hand|Thigh|Shin|Foot|Toe",
        "{s}{n}",
        more=(("Spine4", "spine3", "neck", 0.3),),
    ),
    "Unreal 4": Convention(
        "pelvis|spine_01|spine_02|spine_03|neck_01|head",
        "clavicle|upperarm|lowerarm|hand|thigh|calf|foot|ball",
        "{n}_{s}",
        ("l", "r"),
        (
            ("root", "root"),
            ("ik_foot_root", "root", (0.0, 0.0, 0.0)),
            ("ik_foot_{s}", "ik_foot_root", (0.1, 0.1, 0.0)),
            ("ik_hand_root", "root", (0.0, 0.0, 0.0)),
            ("ik_hand_gun", "ik_hand_root", (0.0, 1.0, 0.0)),
            ("ik_hand_{s}", "ik_hand_gun", (0.1, 0.0, 0.0)),
            ("upperarm_twist_01_{s}", "{side}_shoulder", (0.01, 0.0, 0.0)),
            ("lowerarm_twist_01_{s}", "{side}_elbow", (0.01, 0.0, 0.0)),
            ("thigh_twist_01_{s}", "{side}_hip", (0.0, -0.1, 0.0)),
            ("calf_twist_01_{s}", "{side}_knee", (0.0, -0.1, 0.0)),
        ),
    ),
    "Unreal 5": Convention(
        "pelvis|spine_01|spine_02|spine_05|neck_01|head",
        "clavicle|upperarm|lowerarm|hand|thigh|calf|foot|ball",
        "{n}_{s}",
        ("l", "r"),
        (
            ("root", "root"),
            ("spine_03", "spine2", "spine3", 0.4),
            ("spine_04", "spine_03", "spine3", 0.5),
            ("neck_02", "neck", "head", 0.5),
            ("thigh_correctiveRoot_{s}", "{side}_hip", (0.0, 0.0, 0.0)),
            ("thigh_fwd_{s}", "thigh_correctiveRoot_{s}", (0.0, 0.0, 0.1)),
            ("calf_knee_{s}", "{side}_knee", (0.0, 0.0, 0.05)),
            ("ankle_bck_{s}", "{side}_ankle", (0.0, 0.0, -0.05)),
            ("clavicle_pec_{s}", "spine3", (0.05, 0.0, 0.1)),
            ("upperarm_tricep_{s}", "{side}_shoulder", (0.05, -0.05, 0.0)),
        ),
    ),
    "3ds Max Biped": Convention(
        "Bip01 Pelvis|Bip01 Spine|Bip01 Spine1|Bip01 Spine2|Bip01 Neck|Bip01 Head",
        "Clavicle|UpperArm|Forearm|Hand|Thigh|Calf|Foot|Toe0",
        "Bip01 {s} {n}",
        ("L", "R"),
        (("Bip01", "root"), ("Bip01 Footsteps", "Bip01", (0.0, 0.0, 0.0))),
        (("{side}_collar", "neck"), ("{side}_hip", "spine1")),
    ),
    "Valve Biped": Convention(
        "ValveBiped.Bip01_Pelvis|ValveBiped.Bip01_Spine|ValveBiped.Bip01_Spine1|ValveBiped.Bip01_Spine4|ValveBiped.Bip01_Neck1|ValveBiped.Bip01_Head1",
        "Clavicle|UpperArm|Forearm|Hand|Thigh|Calf|Foot|Toe0",
        "ValveBiped.Bip01_{s}_{n}",
        ("L", "R"),
    ),
    "Daz Genesis 8": Convention(
        "hip|abdomenLower|abdomenUpper|chestUpper|neckLower|head",
        "Collar|ShldrBend|ForearmBend|Hand|ThighBend|Shin|Foot|Toe",
        "{s}{n}",
        ("l", "r"),
        (
            ("Genesis8Female", "root"),
            ("pelvis", "pelvis", (0.0, -0.02, 0.0)),
            ("chestLower", "spine2", "spine3", 0.5),
            ("{s}ThighTwist", "{side}_hip", "{side}_knee", 0.5),
            ("{s}ShldrTwist", "{side}_shoulder", "{side}_elbow", 0.5),
            ("{s}ForearmTwist", "{side}_elbow", "{side}_wrist", 0.5),
            ("{s}Metatarsals", "{side}_ankle", "{side}_foot", 0.5),
            ("{s}Pectoral", "spine3", (0.1, 0.0, 0.1)),
            ("neckUpper", "neck", "head", 0.5),
        ),
    ),
    "Daz Genesis 9": Convention(
        "hip|spine1|spine2|spine4|neck1|head",
        "shoulder|upperarm|forearm|hand|thigh|shin|foot|toes",
        "{s}_{n}",
        ("l", "r"),
        (
            ("spine3", "spine2", "spine3", 0.5),
            ("neck2", "neck", "head", 0.5),
            ("{s}_thightwist1", "{side}_hip", (0.0, -0.1, 0.0)),
        ),
    ),
    "Poser": Convention(
        "hip|abdomen|-|chest|neck|head", "Collar|Shldr|ForeArm|Hand|Thigh|Shin|Foot|Toe", "{s}{n}", ("l", "r")
    ),
    "Rigify": Convention(
        "spine|spine.001|spine.002|spine.003|spine.004|spine.006",
        "shoulder|upper_arm|forearm|hand|thigh|shin|foot|toe",
        "{n}.{s}",
        ("L", "R"),
        (
            ("spine.005", "neck", "head", 0.5),
            ("pelvis.{s}", "pelvis", (0.1, 0.05, 0.05)),
            ("breast.{s}", "spine3", (0.1, 0.0, 0.1)),
            ("heel.02.{s}", "{side}_ankle", (0.0, -0.05, -0.05)),
        ),
    ),
    "Rigify, deforming bones": Convention(
        "DEF-spine|DEF-spine.001|DEF-spine.002|DEF-spine.003|DEF-spine.004|DEF-spine.006",
        "shoulder|upper_arm|forearm|hand|thigh|shin|foot|toe",
        "DEF-{n}.{s}",
        ("L", "R"),
        (
            ("root", "root"),
            ("DEF-spine.005", "neck", "head", 0.5),
            ("DEF-thigh.{s}.001", "{side}_hip", "{side}_knee", 0.5),
            ("DEF-shin.{s}.001", "{side}_knee", "{side}_ankle", 0.5),
            ("DEF-upper_arm.{s}.001", "{side}_shoulder", "{side}_elbow", 0.5),
            ("DEF-forearm.{s}.001", "{side}_elbow", "{side}_wrist", 0.5),
            ("DEF-pelvis.{s}", "pelvis", (0.1, 0.05, 0.05)),
        ),
    ),
    "MikuMikuDance": Convention(
        "センター|-|上半身|上半身2|首|頭",
        "肩|腕|ひじ|手首|足|ひざ|足首|つま先",
        "{s}{n}",
        ("左", "右"),
        (
            ("全ての親", "root"),
            ("下半身", "pelvis", (0.0, 0.0, 0.0)),
            ("{s}腕捩", "{side}_shoulder", "{side}_elbow", 0.5),
            ("{s}手捩", "{side}_elbow", "{side}_wrist", 0.5),
            ("{s}足IK", "全ての親", (0.1, 0.1, 0.0)),
            ("{s}つま先IK", "{s}足IK", (0.0, -0.1, 0.1)),
            ("{s}目", "head", (0.03, 0.05, 0.1)),
        ),
        (("{side}_hip", "下半身"),),
    ),
    "Xsens MVN": Convention(
        "Pelvis|L5|L3|T8|Neck|Head",
        "Shoulder|UpperArm|ForeArm|Hand|UpperLeg|LowerLeg|Foot|Toe",
        "{s}{n}",
        more=(("T12", "spine2", "spine3", 0.5),),
    ),
    "Xsens BVH": Convention(
        "Hips|Chest|Chest2|Chest4|Neck|Head",
        "Collar|Shoulder|Elbow|Wrist|Hip|Knee|Ankle|Toe",
        "{s}{n}",
        more=(("Chest3", "spine2", "spine3", 0.5),),
    ),
    "OptiTrack": Convention(
        "Hip|Ab|-|Chest|Neck|Head", "Shoulder|UArm|FArm|Hand|Thigh|Shin|Foot|Toe", "{s}{n}", ("L", "R")
    ),
    "Advanced Skeleton": Convention(
        "Root_M|Spine1_M|Spine2_M|Chest_M|Neck_M|Head_M",
        "Scapula|Shoulder|Elbow|Wrist|Hip|Knee|Ankle|Toes",
        "{n}_{s}",
        ("L", "R"),
        (
            ("HipPart1_{s}", "{side}_hip", (0.0, -0.1, 0.0)),
            ("ShoulderPart1_{s}", "{side}_shoulder", (0.05, 0.0, 0.0)),
        ),
    ),
    "Reallusion CC4": Convention(
        "CC_Base_Hip|CC_Base_Waist|CC_Base_Spine01|CC_Base_Spine02|CC_Base_NeckTwist01|CC_Base_Head",
        "Clavicle|Upperarm|Forearm|Hand|Thigh|Calf|Foot|ToeBase",
        "CC_Base_{s}_{n}",
        ("L", "R"),
        (
            ("RL_BoneRoot", "root"),
            ("CC_Base_Pelvis", "pelvis", (0.0, 0.0, 0.0)),
            ("CC_Base_{s}_ThighTwist01", "{side}_hip", (0.0, -0.1, 0.0)),
            ("CC_Base_NeckTwist02", "neck", "head", 0.5),
        ),
    ),
    "Synty": Convention(
        "Hips|Spine_01|Spine_02|Spine_03|Neck|Head",
        "Clavicle|Shoulder|Elbow|Hand|UpperLeg|LowerLeg|Ankle|Ball",
        "{n}_{s}",
        ("L", "R"),
    ),
    "Kinect 2": Convention(
        "SpineBase|SpineMid|-|SpineShoulder|Neck|Head", "-|Shoulder|Elbow|Wrist|Hip|Knee|Ankle|Foot", "{n}{s}"
    ),
    "Azure Kinect": Convention(
        "PELVIS|SPINE_NAVAL|-|SPINE_CHEST|NECK|HEAD",
        "CLAVICLE|SHOULDER|ELBOW|WRIST|HIP|KNEE|ANKLE|FOOT",
        "{n}_{s}",
        ("LEFT", "RIGHT"),
    ),
    "DeepMotion": Convention(
        "hips_JNT|spine_JNT|spine1_JNT|spine2_JNT|neck_JNT|head_JNT",
        "shoulder|arm|forearm|hand|upleg|leg|foot|toebase",
        "{s}_{n}_JNT",
        ("l", "r"),
    ),
    "Maya, suffixed": Convention(
        "hips_jnt|spine_01_jnt|spine_02_jnt|spine_03_jnt|neck_jnt|head_jnt",
        "clavicle|shoulder|elbow|wrist|hip|knee|ankle|ball",
        "{n}_{s}_jnt",
        ("lf", "rt"),
    ),
    "VRChat": Convention(
        "Hips|Spine|-|Chest|Neck|Head", " shoulder| arm| elbow| wrist| leg| knee| ankle| toe", "{s}{n}"
    ),
    "Bandai Namco": Convention(
        "Hips|Spine|-|Chest|Neck|Head",
        "Shoulder|UpperArm|LowerArm|Hand|UpperLeg|LowerLeg|Foot|Toes",
        "{n}_{s}",
        ("L", "R"),
        (("joint_Root", "root"),),
    ),
    "MakeHuman": Convention(
        "spine05|spine04|spine03|spine01|neck01|head",
        "clavicle.{s}|upperarm01.{s}|lowerarm01.{s}|wrist.{s}|upperleg01.{s}|lowerleg01.{s}|foot.{s}|toe1-1.{s}",
        "{n}",
        ("L", "R"),
        (
            ("root", "root"),
            ("spine02", "spine2", "spine3", 0.5),
            ("shoulder01.{s}", "{side}_collar", "{side}_shoulder", 0.7),
            ("upperarm02.{s}", "{side}_shoulder", "{side}_elbow", 0.5),
            ("lowerarm02.{s}", "{side}_elbow", "{side}_wrist", 0.5),
            ("upperleg02.{s}", "{side}_hip", "{side}_knee", 0.5),
            ("lowerleg02.{s}", "{side}_knee", "{side}_ankle", 0.5),
            ("toe2-1.{s}", "{side}_ankle", (0.02, -0.05, 0.1)),
            ("neck02", "neck", "head", 0.5),
        ),
    ),
    "Perception Neuron": Convention(
        "Hips|Spine|Spine1|Spine3|Neck|Head",
        _MIXAMO_LIMBS,
        "{s}{n}",
        more=(("Spine2", "spine2", "spine3", 0.5),),
    ),
    "SOMA": Convention(
        "Hips|Spine1|Spine2|Chest|Neck1|Head",
        "Shoulder|Arm|ForeArm|Hand|Leg|Shin|Foot|ToeBase",
        "{s}{n}",
        more=(("Neck2", "neck", "head", 0.5),),
    ),
    "German": Convention(
        "Becken|Bauch|-|Brust|Hals|Kopf",
        "Schulter|Oberarm|Unterarm|Hand|Oberschenkel|Unterschenkel|Fuss|Zehen",
        "{n}_{s}",
        ("links", "rechts"),
    ),
}
