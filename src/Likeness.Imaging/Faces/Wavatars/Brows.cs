namespace Likeness.Imaging.Faces.Wavatars;

/// <summary>Eyebrows about y 152, strokes in the face's darker tone.</summary>
internal static class Brows
{
    public static readonly IReadOnlyList<string> All =
    [
        "",
        Svg.Mirrored("""<path d="M132 164Q174 130 222 152"/>"""),
        Svg.Mirrored("""<path d="M136 148H222"/>"""),
        Svg.Mirrored("""<path d="M134 134L226 166"/>"""),
        Svg.Mirrored("""<path d="M134 168L218 136"/>"""),
        """<path d="M132 150Q176 126 222 152M290 142Q330 100 382 132"/>""",
        """<path d="M136 158Q196 128 256 160Q316 128 376 158"/>""",
        Svg.Mirrored("""<path d="M156 146H186"/>"""),
    ];
}
