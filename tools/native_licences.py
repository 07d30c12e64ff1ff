"""Licences of libraries that wheels bring along without saying so, by the start of the file's name.

The licences are SPDX expressions. FFmpeg's is by wheel, because it depends on how that FFmpeg was built.
"""

from __future__ import annotations

_LGPL_2_1 = "LGPL-2.1-or-later"
_LGPL_3_GPL_2 = "LGPL-3.0-or-later OR GPL-2.0-or-later"
_LGPL_3_QT = "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"
_NVIDIA = "LicenseRef-NVIDIA-Proprietary"
_GCC = "GPL-3.0-or-later WITH GCC-exception-3.1"

# av.library_meta says LGPL-3.0 or later, but this FFmpeg is linked against x264 and x265.
FFMPEG = {
    "av": "GPL-3.0-or-later",
    "opencv-contrib-python": _LGPL_2_1,
    "pyside6-essentials": _LGPL_2_1,
    "pyside6-addons": _LGPL_2_1,
}
FFMPEG_PARTS = ("libavcodec", "libavdevice", "libavfilter", "libavformat", "libavutil", "libswresample", "libswscale")

BY_PREFIX = {
    "libEGL": "MIT",
    "libGLESv2": "MIT",
    "libGLdispatch": "MIT",
    "libQt5": "LGPL-3.0-only",
    "libQt6FFmpegStub": _LGPL_3_QT,
    "libSvtAv1Enc": "BSD-3-Clause-Clear",
    "libX11-xcb": "MIT",
    "libXau": "MIT-open-group",
    "libaom": "BSD-2-Clause",
    "libasound": _LGPL_2_1,
    "libavif": "BSD-2-Clause",
    "libbrotli": "MIT",
    "libcrypto": "OpenSSL",
    "libcudart": _NVIDIA,
    "libdav1d": "BSD-2-Clause",
    "libde265": "LGPL-3.0-or-later",
    "libdrm": "MIT",
    "libfreetype": "FTL OR GPL-2.0-or-later",
    "libgfortran": _GCC,
    "libgmp": _LGPL_3_GPL_2,
    "libgnutls": _LGPL_2_1,
    "libgomp": _GCC,
    "libharfbuzz": "MIT",
    "libheif": "LGPL-3.0-or-later",
    "libhogweed": _LGPL_3_GPL_2,
    "libicu": "ICU",
    "libjpeg": "IJG AND BSD-3-Clause AND Zlib",
    "liblcms2": "MIT",
    "liblzma": "0BSD",
    "libmp3lame": "LGPL-2.0-or-later",
    "libnettle": _LGPL_3_GPL_2,
    "libnvjpeg": _NVIDIA,
    "libopenblas": "BSD-3-Clause",
    "libopencore-amr": "Apache-2.0",
    "libopenjp2": "BSD-2-Clause",
    "libopus": "BSD-3-Clause",
    "libpcre2": "BSD-3-Clause",
    "libpng": "libpng-2.0",
    "libquadmath": _LGPL_2_1,
    "libscipy_openblas": "BSD-3-Clause",
    "libsharpyuv": "BSD-3-Clause",
    "libssl": "OpenSSL",
    "libtiff": "libtiff",
    "libunistring": _LGPL_3_GPL_2,
    "libvpl": "MIT",
    "libvpx": "BSD-3-Clause",
    "libwebp": "BSD-3-Clause",
    "libx264": "GPL-2.0-or-later",
    "libx265": "GPL-2.0-or-later",
    "libxcb": "MIT",
    "libxkbcommon": "MIT",
    "libz": "Zlib",
    "libzstd": "BSD-3-Clause OR GPL-2.0-only",
}


def licence_of(library: str, wheel: str) -> str | None:
    """The licence of a library file in the wheel of this normalised name; None where only the wheel's own is known."""
    if library.startswith(FFMPEG_PARTS):
        return FFMPEG.get(wheel)
    found = [prefix for prefix in BY_PREFIX if library.startswith(prefix)]
    return BY_PREFIX[max(found, key=len)] if found else None
