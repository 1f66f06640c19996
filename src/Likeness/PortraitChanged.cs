using Likeness.Accounts;
using Likeness.Stores;

namespace Likeness;

/// <summary>Raised once after a change of a portrait is durable.</summary>
/// <param name="Before">The portrait as it was; never null, empty for a new person.</param>
/// <param name="After">The portrait as it is.</param>
/// <param name="Cause">Who changed it, and how.</param>
/// <param name="Picture">The new in-band picture with its bytes, when there is another one than before.</param>
public sealed record PortraitChanged(Portrait Before, Portrait After, Cause Cause, Picture? Picture = null)
{
    public Identity Identity => After.Identity;

    /// <summary>The in-band picture itself is another one, or came, or went.</summary>
    public bool PictureChanged => Before.Picture?.Id != After.Picture?.Id;

    /// <summary>An access model changed: views open or close.</summary>
    public bool AccessChanged => Before.DataAccess != After.DataAccess || Before.MetadataAccess != After.MetadataAccess;
}

/// <summary>A surface that shows portraits. Called after the change is durable and before its author is answered; of one person's changes in their order.</summary>
public interface IPortraitListener
{
    /// <summary>Must not block; long work is queued. A listener that throws is logged and stops no other.</summary>
    void OnPortraitChanged(PortraitChanged change);
}

/// <summary>The step of composition that ends the circle: the book is made without its listeners, which may need it.</summary>
public static class PortraitListeners
{
    /// <summary>Lets every registered listener hear of changes; call once when everything is composed.</summary>
    public static void SubscribeListeners(this IServiceProvider services)
    {
        foreach (var listener in All<IPortraitListener>(services))
        {
            ((PortraitBook)services.GetService(typeof(PortraitBook))!).Subscribe(listener);
        }

        foreach (var listener in All<IAddressListener>(services))
        {
            ((AddressBook)services.GetService(typeof(AddressBook))!).Subscribe(listener);
        }

        foreach (var listener in All<IAccountListener>(services))
        {
            ((AccountBook)services.GetService(typeof(AccountBook))!).Subscribe(listener);
        }
    }

    private static IEnumerable<T> All<T>(IServiceProvider services) => (IEnumerable<T>?)services.GetService(typeof(IEnumerable<T>)) ?? [];
}

/// <summary>Who changed a portrait, from where, and how.</summary>
/// <param name="Origin">The surface.</param>
/// <param name="By">The address of the publishing resource, or whoever a surface knows its users as; null: not known.</param>
/// <param name="Removal">How a picture was taken away, when one was.</param>
public sealed record Cause(Origin Origin, string? By = null, Removal Removal = Removal.Cleared)
{
    /// <summary>Another process on the same database did it; the portrait itself says from which surface.</summary>
    public static Cause Elsewhere { get; } = new(Origin.Unknown, "another node");

    /// <summary>Under which words the change is kept in the audit log, in its own transaction; null: it is not.</summary>
    public AuditWords? Audit { get; init; }
}

/// <summary>How the audit log speaks of a change.</summary>
/// <param name="Action">The words of the command, such as <c>avatar clear</c>.</param>
/// <param name="Reason">Why, in the administrator's words.</param>
/// <param name="Detail">Null: the picture in question.</param>
public sealed record AuditWords(string Action, string? Reason = null, string? Detail = null)
{
    internal StoreWrite.Audit Entry(DateTimeOffset time, Cause cause, Portrait before, Portrait after) => new(new AuditEntry(
        time,
        cause.By ?? cause.Origin.ToString(),
        Action,
        after.Identity.Value,
        Reason,
        Detail ?? (after.Picture?.Id ?? before.Source?.Id)?.Hex));
}

/// <summary>The forms in which a metadata node is emptied (XEP-0060 §7.2, §8.5; XEP-0084 §3.5).</summary>
public enum Removal
{
    /// <summary>An empty item, or another surface than PEP.</summary>
    Cleared,

    /// <summary>The item was retracted.</summary>
    Retracted,

    /// <summary>The node was purged.</summary>
    Purged,
}

/// <summary>Where a change came from.</summary>
public enum Origin
{
    Unknown,
    Pep,
    VCard,
    Web,
    Command,
    Directory,
    Api,
    Room,

    /// <summary>The chat server that this one stands beside.</summary>
    Beside,
}
