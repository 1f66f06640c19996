using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

/// <summary>Changes made from whatever is stored at that moment, for tests that are not about rivals.</summary>
internal static class Saving
{
    public static async ValueTask<long> Save(
        this IPortraitStore store,
        Portrait portrait,
        IReadOnlyList<Picture> pictures,
        AccountDocument? alongside,
        DateTimeOffset? keepReplacedUntil = null)
    {
        var stored = await store.Find(portrait.Identity);
        return await store.Save(new PortraitWrite(portrait with { Version = stored?.Version ?? 0 })
        {
            Pictures = pictures,
            Alongside = alongside is null ? [] : [new StoreWrite.Document(alongside)],
            KeepReplacedUntil = keepReplacedUntil,
        });
    }
}
