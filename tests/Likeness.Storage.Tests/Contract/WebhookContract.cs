using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Contract;

public abstract class WebhookContract(TestDatabase database) : StoreContract(database)
{
    private static readonly Webhook Cdn = new("cdn", "https://cdn.example/purge", [1, 2, 3], Noon);
    private static readonly ScramCredentials Keys = new([1], 4096, [2], [3]);
    private static readonly Picture Face = PictureOf("face");

    [Fact]
    public async Task Hooks_are_listed_by_name_and_removed()
    {
        await Stores.Webhooks.Add(Cdn);
        await Stores.Webhooks.Add(Cdn with { Name = "archive" });
        await Reopen();

        var hooks = await Stores.Webhooks.List();
        hooks.Select(hook => hook.Name).ShouldBe(["archive", "cdn"]);
        hooks[1].Url.ShouldBe(Cdn.Url);
        hooks[1].Secret.ShouldBe(Cdn.Secret);
        await Should.ThrowAsync<StoreConflictException>(async () => await Stores.Webhooks.Add(Cdn));

        (await Stores.Webhooks.Remove("cdn")).ShouldBeTrue();
        (await Stores.Webhooks.Remove("cdn")).ShouldBeFalse();
        (await Stores.Webhooks.List()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_was_there_before_the_hook_counts_as_told()
    {
        await Save(Juliet, Face);
        await Stores.Webhooks.Add(Cdn);

        (await Stores.Webhooks.Untold("cdn", null)).People.ShouldBeEmpty();
        (await Stores.Webhooks.Told("cdn", Juliet)).ShouldBe(new WebhookMark(1, Noon, Face.Id));
        (await Stores.Webhooks.Told("cdn", Romeo)).ShouldBeNull();
    }

    [Fact]
    public async Task A_change_is_untold_until_it_is_marked()
    {
        await Stores.Webhooks.Add(Cdn);
        var version = await Save(Juliet, Face);
        (await Stores.Webhooks.Untold("cdn", null)).People.ShouldBe([Juliet]);

        await Stores.Webhooks.Mark("cdn", Juliet, new WebhookMark(version, Noon, Face.Id));
        await Reopen();
        (await Stores.Webhooks.Untold("cdn", null)).People.ShouldBeEmpty();

        await Stores.Portraits.Save(PortraitOf(Juliet, null), [], null);
        (await Stores.Webhooks.Untold("cdn", null)).People.ShouldBe([Juliet]);
    }

    [Fact]
    public async Task A_removed_person_is_untold_while_the_hook_knows_a_picture()
    {
        await Stores.Accounts.Add(new AccountRecord(Juliet, Keys, Keys));
        await Save(Juliet, Face);
        await Stores.Webhooks.Add(Cdn);
        await Stores.Accounts.Remove(Juliet);
        (await Stores.Webhooks.Untold("cdn", null)).People.ShouldBe([Juliet]);

        await Stores.Webhooks.Mark("cdn", Juliet, new WebhookMark(0, Noon, null));
        (await Stores.Webhooks.Untold("cdn", null)).People.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_person_who_comes_back_with_an_old_version_number_is_untold()
    {
        await Save(Juliet, Face);
        await Stores.Webhooks.Add(Cdn);
        await Stores.Portraits.Save(PortraitOf(Juliet, Face) with { Changed = Noon.AddDays(1) }, [Face], null);

        (await Stores.Webhooks.Untold("cdn", null)).People.ShouldBe([Juliet]);
    }

    [Fact]
    public async Task Who_is_untold_is_told_in_pages_that_each_end()
    {
        await Stores.Webhooks.Add(Cdn);
        for (var number = 0; number < 2100; number++)
        {
            var version = await Stores.Portraits.Save(PortraitOf(new Identity($"person{number:0000}@example.org"), null), [], null);
            if (number == 1)
            {
                await Stores.Webhooks.Mark("cdn", new Identity("person0001@example.org"), new WebhookMark(version, Noon, null));
            }
        }

        var first = await Stores.Webhooks.Untold("cdn", null);
        var second = await Stores.Webhooks.Untold("cdn", first.Last);

        first.People.Count.ShouldBe(1999);
        second.People.Count.ShouldBe(100);
        second.Last.ShouldBeNull();
        first.People.Concat(second.People).ShouldBeUnique();
    }

    [Fact]
    public async Task A_mark_for_a_hook_that_went_leaves_nothing()
    {
        await Stores.Webhooks.Mark("cdn", Juliet, new WebhookMark(1, Noon, null));
        (await Stores.Webhooks.Told("cdn", Juliet)).ShouldBeNull();

        await Stores.Webhooks.Add(Cdn);
        await Stores.Webhooks.Mark("cdn", Juliet, new WebhookMark(1, Noon, null));
        await Stores.Webhooks.Remove("cdn");
        await Stores.Webhooks.Add(Cdn);
        (await Stores.Webhooks.Told("cdn", Juliet)).ShouldBeNull();
    }
}

public sealed class Webhooks_in_SQLite() : WebhookContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Webhooks_in_PostgreSQL(PostgreSqlServer server) : WebhookContract(new PostgreSqlDatabase(server));
