using Likeness.Libravatar;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Contract;

public abstract class BulkContract(TestDatabase database) : StoreContract(database)
{
    [Fact]
    public async Task The_file_that_was_imported_last_is_remembered_as_long_as_the_account_is_there()
    {
        var keys = new ScramCredentials([1], 4096, [2], [3]);
        await Stores.Accounts.Add(new AccountRecord(Juliet, keys, keys));
        (await Stores.Bulk.FindImport(Juliet)).ShouldBeNull();
        await Stores.Bulk.SaveImport(Juliet, [1, 2], Noon);
        await Stores.Bulk.SaveImport(Juliet, [3], Noon);
        await Reopen();
        (await Stores.Bulk.FindImport(Juliet)).ShouldBe([3]);

        await Stores.Accounts.Remove(Juliet);
        (await Stores.Bulk.FindImport(Juliet)).ShouldBeNull();
    }

    [Fact]
    public async Task An_address_gets_other_hashes_only_while_it_is_there()
    {
        var address = Address.Email("juliet@example.org");
        await Stores.Portraits.AddAddress(Juliet, address.Text, [address.Md5]);

        (await Stores.Bulk.Rehash(Juliet, address.Text, [address.Sha256])).ShouldBeTrue();
        (await Stores.Portraits.Resolve(address.Md5)).ShouldBeNull();
        (await Stores.Portraits.Resolve(address.Sha256)).ShouldBe(Juliet);

        await Stores.Portraits.RemoveAddress(Juliet, address.Text);
        (await Stores.Bulk.Rehash(Juliet, address.Text, [address.Sha256])).ShouldBeFalse();
        (await Stores.Portraits.Resolve(address.Sha256)).ShouldBeNull();
    }

    [Fact]
    public async Task Everybody_with_a_portrait_or_an_address_is_gone_through_once()
    {
        string[] people = ["a@example.org", "b@example.net", "c@example.org", "d@example.org", "e@example.org"];
        foreach (var person in people)
        {
            await Stores.Portraits.AddAddress(new Identity(person), person, Address.Email(person).Hashes);
        }

        await Save(new Identity("c@example.org"), PictureOf("one"));
        await Save(new Identity("f@example.org"), PictureOf("two"));

        var seen = new List<Identity>();
        while (await Stores.Bulk.People(seen.Count == 0 ? null : seen[^1], 4) is { Count: > 0 } page)
        {
            seen.AddRange(page);
        }

        seen.Select(person => person.Value).ShouldBe([.. people, "f@example.org"]);
    }

    [Fact]
    public async Task Everybody_with_a_picture_is_gone_through_once()
    {
        await Stores.Portraits.AddAddress(Juliet, Juliet.Value, Address.Email(Juliet.Value).Hashes);
        foreach (var person in new[] { "c@example.org", "a@example.org", "d@example.net", "b@example.org" })
        {
            await Save(new Identity(person), PictureOf(person));
        }

        var first = await Stores.Bulk.Portraits(null, 3);
        var second = await Stores.Bulk.Portraits(first[^1].Identity, 3);

        first.Concat(second).Select(portrait => portrait.Identity.Value).ShouldBe(["a@example.org", "b@example.org", "c@example.org", "d@example.net"]);
        first[0].Picture!.Id.ShouldBe(PictureOf("a@example.org").Id);
        (await Stores.Bulk.Portraits(second[^1].Identity, 3)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-74")]
    public async Task Pictures_of_a_domain_are_listed_by_age_by_size_and_by_their_likes()
    {
        // Two that are the same, a change at the same moment, an older and larger one, and people of elsewhere with the same picture.
        var (same, large) = (PictureOf("same"), PictureOf(new string('x', 500)));
        await Shows("b@example.org", same, 3);
        await Shows("a@example.org", same, 3);
        await Shows("c@example.org", large, 1);
        await Shows("d@example.org", PictureOf("other one"), 2);
        await Shows("e@example.net", same, 4);
        await Stores.Portraits.Save(new Portrait { Identity = new Identity("f@example.org"), Changed = Noon }, [], null);

        (await All(PictureOrder.Newest)).ShouldBe(["b", "a", "d", "c"]);
        (await All(PictureOrder.Largest)).ShouldBe(["c", "d", "b", "a"]);
        (await All(PictureOrder.Twins)).ShouldBe(["a", "b"]);
        var listed = (await Stores.Bulk.Pictures(PictureOrder.Largest, "example.org", null, 1)).ShouldHaveSingleItem();
        (listed.Person.Value, listed.Picture, listed.Changed).ShouldBe(("c@example.org", large.Info, Noon.AddMinutes(1)));

        // The third of a kind, then one after the other shows something else.
        await Shows("d@example.org", same, 5);
        (await All(PictureOrder.Twins)).ShouldBe(["a", "b", "d"]);
        await Shows("a@example.org", large, 6);
        (await All(PictureOrder.Twins)).Order().ShouldBe(["a", "b", "c", "d"]);
        await Shows("b@example.org", null, 7);
        (await All(PictureOrder.Twins)).ShouldBe(["a", "c"], ignoreOrder: true);
        await Reopen();
        await Shows("c@example.org", PictureOf("at last"), 8);
        (await All(PictureOrder.Twins)).ShouldBeEmpty();
        (await All(PictureOrder.Newest)).ShouldBe(["c", "a", "d"]);

        async Task Shows(string person, Picture? picture, int minute) =>
            await Stores.Portraits.Save(PortraitOf(new Identity(person), picture) with { Changed = Noon.AddMinutes(minute) }, picture is null ? [] : [picture], null);

        async Task<List<string>> All(PictureOrder order)
        {
            var found = new List<ListedPicture>();
            while (await Stores.Bulk.Pictures(order, "example.org", found.LastOrDefault(), 2) is { Count: > 0 } page)
            {
                found.AddRange(page);
            }

            return [.. found.Select(picture => picture.Person.Value.Split('@')[0])];
        }
    }
}

public sealed class Bulk_in_SQLite() : BulkContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Bulk_in_PostgreSQL(PostgreSqlServer server) : BulkContract(new PostgreSqlDatabase(server));
