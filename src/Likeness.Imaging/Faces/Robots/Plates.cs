namespace Likeness.Imaging.Faces.Robots;

/// <summary>Bolts and seams on the head in its darker tone; <c>currentColor</c> is its lighter one.</summary>
internal static class Plates
{
    public static readonly IReadOnlyList<string> All =
    [
        "",
        Svg.Mirrored("""<circle cx="196" cy="144" r="11"/><circle cx="156" cy="324" r="11"/>"""),
        """<path d="M186 128Q256 116 326 128L320 146Q256 136 192 146Z" fill="currentColor"/>""",
        Svg.Mirrored("""<circle cx="150" cy="286" r="24" fill="#ff5d7a" fill-opacity="0.55"/>"""),
        """<path d="M256 112V168" stroke-width="10"/><circle cx="232" cy="144" r="8"/><circle cx="280" cy="144" r="8"/>""",
        """<path d="M320 128L352 160M342 124L362 144" stroke-width="10" stroke-linecap="round"/>""",
    ];
}
