using System.Collections.Concurrent;
using Likeness.Http.Answering;
using Likeness.Imaging;

namespace Likeness.Http.Resolving;

/// <summary>The operator's own pictures for people without a portrait, by name.</summary>
public sealed class SiteImages
{
    private readonly ImageGate _gate;
    private readonly IImageRenderer _renderer;
    private readonly PortraitVersions _versions;
    private readonly ConcurrentDictionary<string, SiteImage> _images = new(StringComparer.Ordinal);

    internal SiteImages(ImageGate gate, IImageRenderer renderer, PortraitVersions versions) => (_gate, _renderer, _versions) = (gate, renderer, versions);

    public IEnumerable<string> Names => _images.Keys.Order(StringComparer.Ordinal);

    public SiteImage? Find(string name) => _images.GetValueOrDefault(name);

    /// <summary>Checks the file, makes it square and shows it from now on. Throws <see cref="ImageRefusedException"/>; what was shown before stays.</summary>
    /// <param name="changed">When the file was written.</param>
    public async Task Set(string name, ReadOnlyMemory<byte> file, DateTimeOffset changed, CancellationToken cancellationToken = default)
    {
        _gate.Inspect(file.Span);
        var image = await _renderer.Render(RenderRequest.Master(file), cancellationToken);
        _images[name] = new SiteImage(Picture.Of(image.Bytes, image.Format.MediaType(), image.Width, image.Height), changed);
        _versions.ForgetAll();
    }

    /// <summary>The name means nothing from now on.</summary>
    public void Remove(string name)
    {
        _images.TryRemove(name, out _);
        _versions.ForgetAll();
    }
}

/// <summary>A square picture of the operator's.</summary>
public sealed record SiteImage(Picture Picture, DateTimeOffset Changed);
