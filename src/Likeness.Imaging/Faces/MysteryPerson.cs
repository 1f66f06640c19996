namespace Likeness.Imaging.Faces;

/// <summary><c>mm</c>: the outline of somebody, the same for everybody.</summary>
internal sealed class MysteryPerson : IFace
{
    public string Name => "mm";

    public string Description => "somebody's outline, the same for everybody";

    public IReadOnlyList<string> Aliases { get; } = ["mp"];

    public string Draw(FaceSubject subject) =>
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">
        <rect width="512" height="512" fill="#c9d1d9"/>
        <g fill="#f6f8fa">
        <ellipse cx="256" cy="196" rx="92" ry="108"/>
        <path d="M64 512 C64 392 142 332 256 332 C370 332 448 392 448 512 Z"/>
        </g>
        </svg>
        """;
}
