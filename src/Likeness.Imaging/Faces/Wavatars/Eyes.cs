namespace Likeness.Imaging.Faces.Wavatars;

/// <summary>The left eye about (178, 224); the right one mirrors it. Each white has room for each pupil.</summary>
internal static class Eyes
{
    public static readonly IReadOnlyList<string> Whites =
    [
        """<circle cx="178" cy="224" r="52"/>""",
        """<ellipse cx="178" cy="222" rx="46" ry="62"/>""",
        """<ellipse cx="178" cy="226" rx="62" ry="44"/>""",
        """<path d="M116 210H240Q238 274 178 274T116 210Z"/>""",
        """<path d="M112 228Q178 150 244 228Q178 296 112 228Z"/>""",
        """<rect x="128" y="176" width="100" height="96" rx="30"/>""",
        """<path d="M118 258Q118 168 178 168T238 258Q178 274 118 258Z"/>""",
        """<path d="M230 182L120 212Q124 272 178 272Q238 268 230 182Z"/>""",
    ];

    public static readonly IReadOnlyList<string> Irises =
        ["#27233a", "#3b5bb5", "#2c7f5c", "#7a4b24", "#8a2f5b", "#5a3e9e"];

    public static readonly IReadOnlyList<string> Pupils =
    [
        Svg.Mirrored("""<circle cx="178" cy="230" r="26"/><circle cx="188" cy="220" r="9" fill="#fff"/>"""),
        Svg.Mirrored("""<circle cx="192" cy="232" r="22"/>"""),
        """<circle cx="164" cy="232" r="23"/><circle cx="320" cy="232" r="23"/>""",
        """<circle cx="192" cy="232" r="23"/><circle cx="348" cy="232" r="23"/>""",
        Svg.Mirrored("""<circle cx="178" cy="238" r="32"/><circle cx="166" cy="226" r="11" fill="#fff"/><circle cx="190" cy="250" r="6" fill="#fff"/>"""),
        Svg.Mirrored("""<ellipse cx="178" cy="230" rx="13" ry="32"/>"""),
        Svg.Mirrored("""<circle cx="178" cy="230" r="17"/>"""),
        Svg.Mirrored("""<circle cx="178" cy="230" r="30"/><circle cx="178" cy="230" r="13" fill="#fff" fill-opacity="0.55"/>"""),
    ];
}
