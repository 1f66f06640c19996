namespace Likeness.Imaging.Faces.Wavatars;

/// <summary>Noses about (256, 292) in the face's darker tone; <c>currentColor</c> is an accent.</summary>
internal static class Noses
{
    public static readonly IReadOnlyList<string> All =
    [
        """<path d="M256 254L294 318H218Z"/>""",
        """<circle cx="256" cy="292" r="30"/>""",
        """<circle cx="256" cy="288" r="42" fill="currentColor"/><circle cx="242" cy="274" r="11" fill="#fff" fill-opacity="0.7"/>""",
        """<path d="M262 246Q222 300 240 312T280 312" fill="none" stroke-width="16" stroke-linecap="round"/>""",
        """<ellipse cx="256" cy="298" rx="66" ry="38"/><ellipse cx="234" cy="298" rx="10" ry="15" fill="#27233a"/><ellipse cx="278" cy="298" rx="10" ry="15" fill="#27233a"/>""",
        """<path d="M238 232Q256 224 274 232L296 306Q290 328 256 328T216 306Z"/>""",
        """<path d="M212 268Q256 250 300 268L256 334Z" fill="currentColor"/>""",
        """<circle cx="238" cy="302" r="9"/><circle cx="274" cy="302" r="9"/>""",
        """<path d="M222 276H290Q292 302 256 316Q220 302 222 276Z" fill="#27233a"/>""",
        """<path d="M226 294Q256 330 286 294" fill="none" stroke-width="18" stroke-linecap="round"/>""",
    ];
}
