namespace Likeness;

/// <summary>Raised once after a change of a portrait is durable.</summary>
/// <param name="Before">The portrait as it was; never null, empty for a new person.</param>
/// <param name="After">The portrait as it is.</param>
public sealed record PortraitChanged(Portrait Before, Portrait After)
{
    public Identity Identity => After.Identity;

    /// <summary>The in-band picture itself is another one, or came, or went.</summary>
    public bool PictureChanged => Before.Picture?.Id != After.Picture?.Id;

    /// <summary>An access model changed: views open or close.</summary>
    public bool AccessChanged => Before.DataAccess != After.DataAccess || Before.MetadataAccess != After.MetadataAccess;
}

/// <summary>A surface that shows portraits. Called after the change is durable and before its author is answered.</summary>
public interface IPortraitListener
{
    /// <summary>Must not block; long work is queued. A listener that throws is logged and stops no other.</summary>
    void OnPortraitChanged(PortraitChanged change);
}
