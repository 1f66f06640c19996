namespace Likeness.Imaging.Faces;

/// <summary>A kind of generated default picture: the same subject gives the same drawing, everywhere and always.</summary>
public interface IFace
{
    /// <summary>What the <c>d</c> parameter calls it, lower-case.</summary>
    string Name { get; }

    /// <summary>One line about it.</summary>
    string Description { get; }

    /// <summary>Other names for it.</summary>
    IReadOnlyList<string> Aliases => [];

    /// <summary>The drawing as SVG with the view box <c>0 0 512 512</c>, ready for <see cref="RenderRequest.Face"/>. No text of the subject gets into it.</summary>
    string Draw(FaceSubject subject);
}
