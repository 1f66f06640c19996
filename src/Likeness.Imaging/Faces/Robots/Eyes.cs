namespace Likeness.Imaging.Faces.Robots;

/// <summary>Eyes about (256, 210); <c>currentColor</c> is the light in them.</summary>
internal static class Eyes
{
    public static readonly IReadOnlyList<string> Lights = ["#5ff2e0", "#ffe45c", "#ff7d8f", "#9dff7a", "#ffb648", "#ffffff"];

    public static readonly IReadOnlyList<string> All =
    [
        Svg.Mirrored("""<circle cx="198" cy="212" r="42" fill="#27233a"/><circle cx="198" cy="212" r="28" fill="currentColor"/>"""),
        """<rect x="140" y="170" width="232" height="84" rx="42" fill="#27233a"/><circle cx="204" cy="212" r="28" fill="currentColor"/><circle cx="308" cy="212" r="28" fill="currentColor"/>""",
        """<rect x="144" y="180" width="224" height="64" rx="12" fill="#27233a"/><path d="M164 212H348" stroke="currentColor" stroke-width="30" stroke-linecap="round"/>""",
        """<circle cx="256" cy="210" r="66" fill="#27233a"/><circle cx="256" cy="210" r="42" fill="currentColor"/><circle cx="256" cy="210" r="18" fill="#27233a"/>""",
        Svg.Mirrored("""<rect x="158" y="172" width="80" height="80" rx="14" fill="#27233a"/><rect x="178" y="192" width="40" height="40" rx="6" fill="currentColor"/>"""),
        Svg.Mirrored("""<circle cx="196" cy="212" r="50" fill="#fff"/><circle cx="204" cy="216" r="24" fill="#27233a"/><circle cx="196" cy="206" r="9" fill="currentColor"/>"""),
        """<rect x="140" y="164" width="232" height="96" rx="20" fill="#27233a"/><path d="M168 226Q198 180 228 226M284 226Q314 180 344 226" fill="none" stroke="currentColor" stroke-width="26" stroke-linecap="round"/>""",
        """<circle cx="192" cy="212" r="56" fill="#27233a"/><circle cx="192" cy="212" r="32" fill="currentColor"/><circle cx="324" cy="216" r="36" fill="#27233a"/><circle cx="324" cy="216" r="20" fill="currentColor"/>""",
        """<rect x="140" y="164" width="232" height="96" rx="20" fill="#27233a"/><path d="M176 190L222 234M222 190L176 234M290 190L336 234M336 190L290 234" fill="none" stroke="currentColor" stroke-width="26" stroke-linecap="round"/>""",
        """<rect x="140" y="164" width="232" height="96" rx="20" fill="#27233a"/><path d="M176 192H220V232H176ZM292 192H336V232H292Z" fill="currentColor"/>""",
        Svg.Mirrored("""<path d="M152 200H242Q242 254 197 254T152 200Z" fill="#27233a"/><circle cx="198" cy="220" r="20" fill="currentColor"/>"""),
        """<rect x="140" y="164" width="232" height="96" rx="20" fill="#27233a"/><path d="M198 240L168 208a18 18 0 0 1 30 -18a18 18 0 0 1 30 18ZM314 240L284 208a18 18 0 0 1 30 -18a18 18 0 0 1 30 18Z" fill="currentColor"/>""",
    ];
}
