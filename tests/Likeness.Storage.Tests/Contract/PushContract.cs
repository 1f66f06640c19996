using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "U-8")]
public abstract class PushContract(TestDatabase database) : StoreContract(database)
{
    private static readonly PushRegistration Phone = new("push.example.net", "node1", "phone", "<x xmlns='jabber:x:data' type='submit'/>", Noon);
    private static readonly PushRegistration Tablet = new("push.example.net", "node2", "tablet", null, Noon.AddMinutes(1));
    private static readonly PushRegistration Watch = new("push.example.com", "", "watch", null, Noon.AddMinutes(2));

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task Registrations_are_kept_in_the_order_they_were_enabled()
    {
        foreach (var registration in (PushRegistration[])[Watch, Phone, Tablet])
        {
            await Stores.Push.Save(Juliet, registration, 20);
        }

        await Stores.Push.Save(Romeo, Phone, 20);
        await Reopen();
        (await Stores.Push.Load(Juliet)).ShouldBe([Phone, Tablet, Watch]);

        var anew = Phone with { Resource = "other", Options = null, Enabled = Noon.AddMinutes(3) };
        await Stores.Push.Save(Juliet, anew, 20);
        (await Stores.Push.Load(Juliet)).ShouldBe([Tablet, Watch, anew]);
        (await Stores.Push.Load(Romeo)).ShouldBe([Phone]);
    }

    [Fact]
    public async Task A_node_or_a_whole_service_is_disabled()
    {
        foreach (var registration in (PushRegistration[])[Phone, Tablet, Watch])
        {
            await Stores.Push.Save(Juliet, registration, 20);
        }

        await Stores.Push.Remove(Juliet, "push.example.net", "node2");
        (await Stores.Push.Load(Juliet)).ShouldBe([Phone, Watch]);
        await Stores.Push.Remove(Juliet, "push.example.net", null);
        (await Stores.Push.Load(Juliet)).ShouldBe([Watch]);
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public async Task Beyond_the_limit_the_oldest_goes()
    {
        await Stores.Push.Save(Juliet, Phone, 2);
        await Stores.Push.Save(Juliet, Tablet, 2);
        await Stores.Push.Save(Juliet, Watch, 2);
        (await Stores.Push.Load(Juliet)).ShouldBe([Tablet, Watch]);

        // The newest stays, whatever the clock said.
        await Stores.Push.Save(Juliet, Phone, 2);
        (await Stores.Push.Load(Juliet)).ShouldBe([Phone, Watch]);
    }

    [Fact]
    public async Task They_go_with_the_account_and_are_nobody_elses()
    {
        await Stores.Push.Save(Juliet, Phone, 20);
        await Stores.Accounts.Remove(Juliet);
        await Should.ThrowAsync<AccountGoneException>(async () => await Stores.Push.Save(Juliet, Tablet, 20));

        await Register(Juliet);
        (await Stores.Push.Load(Juliet)).ShouldBeEmpty();
    }
}

public sealed class Push_registrations_in_SQLite() : PushContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Push_registrations_in_PostgreSQL(PostgreSqlServer server) : PushContract(new PostgreSqlDatabase(server));
