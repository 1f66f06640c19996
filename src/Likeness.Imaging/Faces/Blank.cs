namespace Likeness.Imaging.Faces;

/// <summary><c>blank</c>: nothing at all; transparent where the format can, white where it cannot.</summary>
internal sealed class Blank : IFace
{
    public string Name => "blank";

    public string Description => "nothing, transparent";

    public string Draw(FaceSubject subject) => """<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512"/>""";
}
