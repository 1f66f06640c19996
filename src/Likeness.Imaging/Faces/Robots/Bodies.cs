namespace Likeness.Imaging.Faces.Robots;

/// <summary>Neck, shoulders and chest below the head, in the second colour; <c>currentColor</c> is its darker tone.</summary>
internal static class Bodies
{
    private const string Neck = """<rect x="214" y="340" width="84" height="80" fill="#8b93a5"/><path d="M214 378H298M214 396H298" stroke="#5d6579" stroke-width="8"/>""";

    public static readonly IReadOnlyList<string> All =
    [
        Neck + """<path d="M104 512V460Q104 408 156 408H356Q408 408 408 460V512Z"/>""",
        Neck + """<path d="M60 512Q70 408 180 408H332Q442 408 452 512Z"/>""",
        Neck + """<rect x="140" y="404" width="232" height="120" rx="18"/><circle cx="108" cy="458" r="50" fill="currentColor"/><circle cx="404" cy="458" r="50" fill="currentColor"/>""",
        Neck + """<path d="M120 512V420H392V512Z"/><path d="M48 512V466Q48 420 94 420H104V512ZM464 512V466Q464 420 418 420H408V512Z" fill="currentColor"/>""",
        Neck + """<path d="M88 512L136 408H376L424 512Z"/>""",
        Neck + """<ellipse cx="256" cy="520" rx="184" ry="112"/>""",
    ];

    public static readonly IReadOnlyList<string> Badges =
    [
        "",
        """<path d="M196 440H316V490H196Z" fill="currentColor"/><path d="M210 454H254" stroke="#5ff2e0" stroke-width="10"/><circle cx="294" cy="466" r="12" fill="#ff7d8f"/>""",
        """<circle cx="256" cy="466" r="30" fill="currentColor"/><circle cx="256" cy="466" r="16" fill="#ffe45c"/>""",
        """<path d="M256 500L220 464a20 20 0 0 1 36 -22a20 20 0 0 1 36 22Z" fill="#ff5d7a"/>""",
        """<path d="M200 446H312M200 470H312M200 494H312" stroke="currentColor" stroke-width="12" stroke-linecap="round"/>""",
        """<circle cx="206" cy="466" r="14" fill="#ff7d8f"/><circle cx="256" cy="466" r="14" fill="#ffe45c"/><circle cx="306" cy="466" r="14" fill="#9dff7a"/>""",
        """<path d="M272 434L222 476H254L242 508L294 462H262Z" fill="#ffe45c"/>""",
    ];
}
