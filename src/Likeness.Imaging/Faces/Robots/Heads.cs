namespace Likeness.Imaging.Faces.Robots;

/// <summary>Heads in the robot's colour: each covers x 150–362, y 140–350. <c>currentColor</c> is its darker tone.</summary>
internal static class Heads
{
    public static readonly IReadOnlyList<string> All =
    [
        """<rect x="118" y="110" width="276" height="256" rx="40"/>""",
        """<path d="M118 240a138 130 0 0 1 276 0V342a24 24 0 0 1 -24 24H142a24 24 0 0 1 -24 -24Z"/><path d="M118 338H394V342a24 24 0 0 1 -24 24H142a24 24 0 0 1 -24 -24Z" fill="currentColor"/>""",
        """<path d="M146 112H366Q388 112 390 134L404 340Q406 366 380 366H132Q106 366 108 340L122 134Q124 112 146 112Z"/>""",
        """<circle cx="256" cy="240" r="146"/>""",
        """<path d="M176 104H336L404 172V306L344 370H168L108 306V172Z"/>""",
        """<path d="M140 110H372Q398 110 398 136V250C398 330 340 372 256 372C172 372 114 330 114 250V136Q114 110 140 110Z"/>""",
        """<rect x="96" y="134" width="320" height="222" rx="104"/>""",
        """<rect x="128" y="96" width="256" height="276" rx="16"/><path d="M128 112a16 16 0 0 1 16 -16H368a16 16 0 0 1 16 16V130H128Z" fill="currentColor"/>""",
        """<path d="M256 92L376 134Q392 140 392 158V330Q392 366 356 366H156Q120 366 120 330V158Q120 140 136 134Z"/>""",
    ];
}
