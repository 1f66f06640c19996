namespace Likeness.Imaging.Faces.Robots;

/// <summary>Ears, behind the head, in the accent; <c>currentColor</c> is metal.</summary>
internal static class Ears
{
    public static readonly IReadOnlyList<string> All =
    [
        "",
        Svg.Mirrored("""<rect x="66" y="192" width="90" height="96" rx="20"/>"""),
        Svg.Mirrored("""<circle cx="104" cy="240" r="46"/><circle cx="92" cy="240" r="20" fill="currentColor"/>"""),
        Svg.Mirrored("""<rect x="84" y="210" width="72" height="60" fill="currentColor"/><rect x="56" y="180" width="40" height="120" rx="18"/>"""),
        Svg.Mirrored("""<path d="M150 190L58 150V330L150 290Z"/>"""),
        Svg.Mirrored("""<path d="M84 250V150" stroke="currentColor" stroke-width="14" stroke-linecap="round"/><circle cx="84" cy="146" r="20"/><rect x="68" y="214" width="90" height="66" rx="14"/>"""),
        Svg.Mirrored("""<path d="M150 226H74M150 262H74" stroke="currentColor" stroke-width="20"/><circle cx="74" cy="226" r="18"/><circle cx="74" cy="262" r="18"/>"""),
    ];
}
