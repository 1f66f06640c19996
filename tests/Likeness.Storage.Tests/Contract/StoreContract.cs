using System.Text;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Contract;

/// <summary>Opens an empty database for each test. Every suite derived from it runs on both databases.</summary>
public abstract class StoreContract(TestDatabase database) : IAsyncLifetime
{
    protected static readonly Identity Juliet = new("juliet@example.org");
    protected static readonly Identity Romeo = new("romeo@example.org");
    protected static readonly DateTimeOffset Noon = new(2030, 4, 5, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What goes into the log with an act.</summary>
    protected static readonly AuditEntry Said = new(Noon, "juliet@example.org", "something", "juliet@example.org");

    protected IStores Stores { get; private set; } = null!;

    /// <summary>Who has an account when a test begins.</summary>
    protected virtual Identity[] People => [];

    public async ValueTask InitializeAsync()
    {
        Stores = await database.Open();
        await Register(People);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Stores.DisposeAsync();
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static Picture PictureOf(string content) => Picture.Of(Encoding.UTF8.GetBytes(content), "image/png", 64, 48);

    protected static Portrait PortraitOf(Identity identity, Picture? picture) =>
        new() { Identity = identity, Picture = picture?.Info, Changed = Noon };

    protected ValueTask<long> Save(Identity identity, Picture picture) =>
        Stores.Portraits.Save(PortraitOf(identity, picture), [picture], null);

    protected async Task Register(params Identity[] people)
    {
        var keys = new ScramCredentials([1], 4096, [2], [3]);
        foreach (var person in people)
        {
            await Stores.Accounts.Add(new AccountRecord(person, keys, keys));
        }
    }

    /// <summary>What these people replace is nowhere any more.</summary>
    protected async Task KeepNoEarlier(params Identity[] people)
    {
        foreach (var person in people)
        {
            await Stores.Albums.SetKeepsEarlier(person, keeps: false);
        }
    }

    protected async Task Reopen()
    {
        await Stores.DisposeAsync();
        Stores = await database.Open();
    }
}
