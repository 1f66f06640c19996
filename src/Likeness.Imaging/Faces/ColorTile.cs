namespace Likeness.Imaging.Faces;

/// <summary><c>color</c>: the colour that chats give the person (XEP-0392), and nothing else.</summary>
internal sealed class ColorTile : IFace
{
    public string Name => "color";

    public string Description => "the colour that chats give the address (XEP-0392)";

    public string Draw(FaceSubject subject) => Svg.OnGround(subject.Color.Rgb.Hex);
}
