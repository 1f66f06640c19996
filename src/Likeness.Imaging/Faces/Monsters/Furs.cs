namespace Likeness.Imaging.Faces.Monsters;

/// <summary>Marks on the body in its lighter tone; <c>currentColor</c> is the darker one.</summary>
internal static class Furs
{
    public static readonly IReadOnlyList<string> All =
    [
        "",
        """<path d="M256 280C330 280 352 340 352 380C352 430 310 442 256 442C202 442 160 430 160 380C160 340 182 280 256 280Z"/>""",
        """<circle cx="160" cy="330" r="22"/><circle cx="356" cy="320" r="26"/><circle cx="186" cy="402" r="26"/><circle cx="330" cy="400" r="18"/><circle cx="256" cy="416" r="16"/><circle cx="256" cy="150" r="18"/>""",
        """<path d="M132 300L186 316L128 338ZM380 300L326 316L384 338ZM130 360L186 374L138 396ZM382 360L326 374L374 396Z" fill="currentColor"/><path d="M232 126H280L256 168Z" fill="currentColor"/>""",
        Svg.Mirrored("""<circle cx="160" cy="296" r="28" fill="#ff8fa3" fill-opacity="0.75"/>"""),
        """<path d="M190 408a22 22 0 0 0 44 0a22 22 0 0 0 44 0a22 22 0 0 0 44 0Z"/><path d="M212 386a22 22 0 0 0 44 0a22 22 0 0 0 44 0Z"/>""",
        """<path d="M256 438L214 400a24 24 0 0 1 42 -26a24 24 0 0 1 42 26Z"/>""",
        """<path d="M160 396H352V420H160ZM196 428H316V444H196Z" fill="currentColor"/><path d="M150 268H176V284H150ZM336 268H362V284H336Z" fill="currentColor"/>""",
        """<path d="M256 372L268 396L294 400L275 418L280 444L256 432L232 444L237 418L218 400L244 396Z"/>""",
    ];
}
