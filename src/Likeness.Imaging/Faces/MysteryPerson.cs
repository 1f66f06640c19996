namespace Likeness.Imaging.Faces;

/// <summary><c>mm</c>: the outline of somebody, the same for everybody.</summary>
internal sealed class MysteryPerson : IFace
{
    /// <summary>Head and shoulders.</summary>
    public const string Outline =
        """<ellipse cx="256" cy="196" rx="92" ry="108"/><path d="M64 512C64 392 142 332 256 332C370 332 448 392 448 512Z"/>""";

    public string Name => "mm";

    public string Description => "somebody's outline, the same for everybody";

    public IReadOnlyList<string> Aliases { get; } = ["mp"];

    public string Draw(FaceSubject subject) =>
        Svg.OnGround("#c9d1d9", $"""<g fill="#f6f8fa">{Outline}</g>""");
}
