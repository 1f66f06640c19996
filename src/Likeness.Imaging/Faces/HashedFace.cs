namespace Likeness.Imaging.Faces;

/// <summary>A face put together of parts that the hash picks.</summary>
internal abstract class HashedFace(string name, string description) : IFace
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    public string Draw(FaceSubject subject) => Draw(new FaceSeed(Name, subject.Hash));

    protected internal abstract string Draw(FaceSeed seed);
}
