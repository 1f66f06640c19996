using System.Collections.Immutable;
using System.Globalization;
using Likeness.Http.Renditions;
using Likeness.Imaging;

namespace Likeness.Http.Uploads;

/// <summary>Tells chats where the large picture of a portrait is on the web (XEP-0084 §4.2.1).</summary>
/// <param name="publicUrl">Where this server is reached from outside; null: there are no links.</param>
public sealed class PortraitLinks(Uri? publicUrl, DomainPolicies policies)
{
    private readonly string? _base = publicUrl?.AbsoluteUri.TrimEnd('/');

    /// <summary>One link, to exactly the master's bytes; none where the domain wants none.</summary>
    /// <param name="master">A square picture made here.</param>
    public ImmutableArray<PictureLink> To(Identity owner, PictureInfo master)
    {
        if (_base is null || !policies.For(owner.Domain).PictureLinks)
        {
            return [];
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{master.Width}.{Painter.StoredFormat(master).Extension()}");
        return [new PictureLink($"{_base}/p/{master.Id.Hex}/{name}", master.Id.Hex, master.MediaType, master.Length, master.Width, master.Height)];
    }
}
