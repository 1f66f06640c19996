namespace Likeness.Xmpp.Server.Tests.Hosting;

/// <summary>Blocks the pictures a play names.</summary>
public sealed class TestGuard : IPictureGuard
{
    private readonly HashSet<PictureId> _blocked = [];

    public long Version => _blocked.Count;

    public void Block(PictureId id) => _blocked.Add(id);

    public PictureBlock? Find(PictureId id) => _blocked.Contains(id) ? new PictureBlock(id, id, null, "not a face", default) : null;

    public ValueTask<PictureBlock?> Find(IReadOnlyList<Picture> pictures, PictureId? uploaded, CancellationToken cancellationToken = default) =>
        new(pictures.Select(picture => Find(picture.Id)).FirstOrDefault(block => block is not null));
}
