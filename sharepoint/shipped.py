"""The shapes of every view and every column's formatting that a version of the bot has given a site (see `shapes`).

Add the shapes of a new version at the end, and never take one away: it is how a later version knows that a view is
still the bot's own and may be brought up to date.
"""

from __future__ import annotations

SHIPPED = frozenset(
    # 0.2
    (
        "07dc329c13cb", "1611f62dc226", "16aaa670ee99", "19bd40957133", "206b5e9b019c", "2078f8c5f2c3",
        "28ab9a3d7328", "337e7164abf0", "39d2adaff7ad", "3e5e41c4c441", "3f341988de45", "454e9f01e248",
        "456d23c5e325", "46601674d635", "4675e6d4623f", "496b77613ab4", "4b210e2b261a", "4cb81a4a2ace",
        "516eb05a8e9b", "52e5591a4ed7", "52e964689901", "5311c6976f79", "54a6c98d8524", "63dde6dcce47",
        "670c1e60295f", "76c0529f2acb", "7753fcf226b6", "7cf0b1c64220", "89171cf996e7", "93b2c95adc6f",
        "956b6aee5ef2", "aa278ac80fec", "ac2134cf5e14", "aec52750e90e", "af6658eb6191", "b16543780c6c",
        "b5cf006ecc9f", "bb59a27c21fc", "bd8e432cb66d", "be352de8e9dc", "befb559fcc52", "c14bc20a5f4c",
        "c416294eac68", "ceab821bd477", "d777251ad11d", "d926d9f95f7f", "dc4cecd903df", "de1a57950650",
        "dedbbd5aee4f", "df1c40cd1abb", "e3044d0bc3be", "eb20c32f61bf", "ecdfdd753eb0", "f075bd40eea2",
        "f31ff0d4eabe", "fa2a24744ad5", "fbdf06e803a9", "ffc7969557f0",
        # 0.3
        "123d2b943fa0", "1c9e86fe44a5", "209d9ef5d712", "28ed85c95ffa", "2f9ca3b17679", "385b8146d2e4",
        "3ad22b80ab31", "4477e00467e4", "51f72225989b", "73dba4f611c4", "7d766bc0b763", "8becb2adf8be",
        "93b2f4d37054", "b21b6dc4818b", "b24a5cc2ce48", "c9f0716df8d1", "ca96f02d2603", "cc7f12a2cbb8",
        "d739ecb5a6c7", "df212ee74e4c", "e88cd2c28aef", "e928c301eb91", "eb6cb591d594", "edfc75dfe9a8",
        "fe23255dd097", "fecd67386bb7",
        # agreements, lessons
        "182be46d0611", "27217ab06ac5", "4fa34c8352ea", "b8528b8432d6",
        # measures
        "107740795bbb", "1db3be7bbba2", "42f22d3e8445", "4b447faf662e", "ed9709a44ed8",
    )
)  # fmt: skip
