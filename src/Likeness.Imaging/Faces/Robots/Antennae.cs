namespace Likeness.Imaging.Faces.Robots;

/// <summary>What is mounted on the head, behind it, in the accent; <c>currentColor</c> is metal.</summary>
internal static class Antennae
{
    public static readonly IReadOnlyList<string> All =
    [
        """<path d="M256 140V66" stroke="currentColor" stroke-width="16"/><circle cx="256" cy="56" r="32"/>""",
        Svg.Mirrored("""<path d="M200 140L156 62" stroke="currentColor" stroke-width="14"/><circle cx="152" cy="56" r="24"/>"""),
        """<path d="M256 140V84" stroke="currentColor" stroke-width="16"/><path d="M196 84a60 60 0 0 1 120 0Z"/>""",
        """<path d="M196 140V86Q196 62 220 62H292Q316 62 316 86V140Z"/>""",
        """<path d="M256 150V40" stroke="currentColor" stroke-width="14"/><path d="M208 92H304M222 62H290" stroke="currentColor" stroke-width="14" stroke-linecap="round"/><circle cx="256" cy="36" r="16"/>""",
        """<path d="M256 140V82" stroke="currentColor" stroke-width="16"/><path d="M256 84C220 44 140 44 128 76C150 92 220 92 256 84ZM256 84C292 44 372 44 384 76C362 92 292 92 256 84Z"/><circle cx="256" cy="82" r="18" fill="currentColor"/>""",
        Svg.Mirrored("""<path d="M158 150L164 62L222 130Z"/>"""),
        """<path d="M330 150L352 44" stroke="currentColor" stroke-width="14" stroke-linecap="round"/><circle cx="354" cy="42" r="22"/>""",
        """<path d="M162 150V98H190V74H222V56H290V74H322V98H350V150Z"/>""",
        """<path d="M230 140V78H282V140Z" fill="currentColor"/><path d="M214 86Q256 10 298 86Z"/>""",
        """<path d="M272 36L214 96H252L240 146L304 78H262Z"/>""",
        "",
    ];
}
