namespace Likeness.Imaging.Faces.Monsters;

/// <summary>What grows on the head, drawn behind the body in the accent; <c>currentColor</c> is its darker tone.</summary>
internal static class Horns
{
    public static readonly IReadOnlyList<string> All =
    [
        Svg.Mirrored("""<path d="M150 190C110 150 104 90 140 40C146 90 180 110 224 130L190 190Z"/>"""),
        Svg.Mirrored("""<path d="M156 200L152 62Q190 80 236 150Z"/>"""),
        Svg.Mirrored("""<path d="M200 150Q196 90 160 62" fill="none" stroke-width="16"/><circle cx="156" cy="58" r="30" stroke="none"/>"""),
        Svg.Mirrored("""<circle cx="154" cy="124" r="58"/><circle cx="154" cy="124" r="30" fill="currentColor"/>"""),
        Svg.Mirrored("""<path d="M130 220C92 160 88 90 100 44C150 60 204 100 226 150Z"/><path d="M142 190C122 150 118 110 122 80C150 94 176 116 190 140Z" fill="currentColor"/>"""),
        """<path d="M216 160L256 14L296 160Z"/><path d="M237 84L284 116L291 142L230 112ZM248 44L270 66L276 88L242 66Z" fill="currentColor"/>""",
        """<path d="M128 190L140 84L186 126L210 44L256 100L302 44L326 126L372 84L384 190Z"/>""",
        """<path d="M256 140Q196 120 190 50M256 140Q250 80 256 30M256 140Q316 120 322 50" fill="none" stroke-width="22"/>""",
        "",
        """<path d="M256 150V70" fill="none" stroke="currentColor" stroke-width="16"/><path d="M254 84C190 96 164 62 160 28C216 22 252 44 254 84ZM258 84C322 96 348 62 352 28C296 22 260 44 258 84Z"/>""",
        Svg.Mirrored("""<path d="M200 160Q150 130 140 40M168 116Q120 120 92 84M146 78Q170 70 182 40" fill="none" stroke-width="22"/>"""),
        Svg.Mirrored("""<path d="M170 170C120 90 130 20 162 14C200 8 222 80 220 170Z"/><path d="M182 140C158 90 160 50 170 46C186 42 200 90 200 140Z" fill="currentColor"/>"""),
    ];
}
