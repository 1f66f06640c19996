using Likeness.Libravatar;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Contract;

public abstract class AccountContract(TestDatabase database) : StoreContract(database)
{
    [Fact]
    public async Task An_account_comes_back_with_its_keys()
    {
        await Stores.Accounts.Add(AccountOf(Juliet, 1));
        await Reopen();

        (await Stores.Accounts.Find(Juliet)).ShouldBeEquivalentTo(AccountOf(Juliet, 1));
        (await Stores.Accounts.Find(Romeo)).ShouldBeNull();
    }

    [Fact]
    public async Task An_account_cannot_be_added_twice()
    {
        await Stores.Accounts.Add(AccountOf(Juliet, 1));
        await Should.ThrowAsync<StoreConflictException>(async () => await Stores.Accounts.Add(AccountOf(Juliet, 2)));

        (await Stores.Accounts.Find(Juliet)).ShouldBeEquivalentTo(AccountOf(Juliet, 1));
    }

    [Fact]
    public async Task Credentials_are_replaced_for_an_account_that_exists()
    {
        (await Stores.Accounts.Update(AccountOf(Juliet, 1))).ShouldBeFalse();
        await Stores.Accounts.Add(AccountOf(Juliet, 1));

        (await Stores.Accounts.Update(AccountOf(Juliet, 2))).ShouldBeTrue();
        (await Stores.Accounts.Find(Juliet)).ShouldBeEquivalentTo(AccountOf(Juliet, 2));
    }

    [Fact]
    [Trait("Requirement", "U-E")]
    public async Task A_disabled_account_says_so_and_loses_nothing_but_its_tokens()
    {
        await Stores.Accounts.Add(AccountOf(Juliet, 1));
        await Stores.Accounts.Add(AccountOf(Romeo, 1));
        await Stores.LoginTokens.Save(new ClientTokens(Juliet, "phone", null, null, new SealedToken("HT", [1], Noon, Noon), null), AccountOf(Juliet, 1).Sha256!.StoredKey, isUsed: false, 16);
        (await Stores.WebSessions.Add(new WebSession("a", Juliet, "browser", "here", Noon, Noon), [1], AccountOf(Juliet, 1).Sha256!.StoredKey, 20, Said)).ShouldBeTrue();

        await Stores.Write([new StoreWrite.Disabling(Juliet, Noon, "spam"), new StoreWrite.Audit(new AuditEntry(Noon, "root", "user disable", Juliet.Value))]);
        await Reopen();

        (await Stores.Accounts.Find(Juliet)).ShouldBeEquivalentTo(AccountOf(Juliet, 1) with { Disabled = Noon, DisabledReason = "spam" });
        (await Stores.LoginTokens.List(Juliet)).ShouldBeEmpty();
        (await Stores.WebSessions.List(Juliet)).ShouldBeEmpty();
        (await Stores.WebSessions.Add(new WebSession("b", Juliet, "browser", "here", Noon, Noon), [1], AccountOf(Juliet, 1).Sha256!.StoredKey, 20, Said)).ShouldBeFalse("nobody logs in to it");
        (await Stores.Accounts.List("example.org", isDisabled: true)).ShouldBe([Juliet]);
        (await Stores.Accounts.List("example.org")).ShouldBe([Juliet, Romeo]);
        await Stores.Write([new StoreWrite.Disabling(Juliet, null, null)]);
        (await Stores.Accounts.Find(Juliet)).ShouldBeEquivalentTo(AccountOf(Juliet, 1));
        await Should.ThrowAsync<AccountGoneException>(async () => await Stores.Write([new StoreWrite.Disabling(new Identity("nobody@example.org"), Noon, null)]));
    }

    [Fact]
    [Trait("Requirement", "U-29")]
    public async Task Keys_that_are_missing_are_known_and_completed_once()
    {
        var whole = AccountOf(Juliet, 1);
        await Stores.Accounts.Add(AccountOf(Romeo, 1));
        (await Stores.Accounts.Hashes("example.org")).ShouldBe(ScramHashes.All);
        await Stores.Accounts.Add(whole with { Sha256 = null });
        await Reopen();

        (await Stores.Accounts.Find(Juliet)).ShouldBeEquivalentTo(whole with { Sha256 = null });
        (await Stores.Accounts.Hashes("example.org")).ShouldBe(ScramHashes.Sha1);
        (await Stores.Accounts.Hashes("other.example")).ShouldBe(ScramHashes.All);

        await Stores.Accounts.Complete(AccountOf(Juliet, 1) with { Sha1 = AccountOf(Juliet, 2).Sha1 });
        (await Stores.Accounts.Find(Juliet)).ShouldBeEquivalentTo(whole, "keys that are there stay");
        (await Stores.Accounts.Hashes("example.org")).ShouldBe(ScramHashes.All);
    }

    [Fact]
    public async Task Accounts_of_a_domain_are_listed_by_name()
    {
        string[] names = ["b@example.org", "a@example.org", "a-b@example.org", "é@example.org", "x@other.example"];
        foreach (var name in names)
        {
            await Stores.Accounts.Add(AccountOf(new Identity(name), 1));
        }

        (await Stores.Accounts.List("example.org")).Select(account => account.Value)
            .ShouldBe(["a-b@example.org", "a@example.org", "b@example.org", "é@example.org"]);
        (await Stores.Accounts.List("nowhere.example")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Removing_an_account_removes_everything_of_it_and_nothing_of_others()
    {
        await Register(new Identity("nurse@example.org"));
        await Fill(Juliet);
        await Fill(Romeo);

        (await Stores.Accounts.Remove(Juliet)).ShouldBeTrue();

        (await Remains(Juliet)).ShouldBe([]);
        (await Remains(Romeo)).ShouldBe(["account", "portrait", "picture", "draft", "address", "hash", "roster", "document", "offline", "node", "item", "subscription to", "subscription by"]);
        (await Stores.Accounts.Remove(Juliet)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_person_without_account_is_not_removed_as_one()
    {
        await Save(Juliet, PictureOf("picture"));

        (await Stores.Accounts.Remove(Juliet)).ShouldBeFalse();
        (await Stores.Portraits.Find(Juliet)).ShouldNotBeNull();
    }

    [Fact]
    [Trait("Requirement", "P-71")]
    public async Task Accounts_are_read_page_by_page_none_twice_and_none_left_out()
    {
        string[] names = ["anne", "Björn", "b-b", "ba", "c.d", "juliet", "romeo", "z_z"];
        foreach (var name in names)
        {
            await Register(new Identity($"{name}@example.net"));
        }

        var read = new List<string>();
        for (IReadOnlyList<Identity> page = []; read.Count == 0 || page.Count == 3;)
        {
            page = await Stores.Accounts.Page(new AccountSearch("example.net"), read.LastOrDefault(), 3);
            read.AddRange(page.Select(account => account.Value));
        }

        read.ShouldBe(names.Select(name => $"{name}@example.net").Order(StringComparer.Ordinal));
        (await Stores.Accounts.Page(new AccountSearch("example.com"), null, 3)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-71")]
    public async Task Accounts_are_found_by_how_they_begin_and_by_what_they_are()
    {
        foreach (var name in new[] { "anne", "anna", "ann", "an%", "bo", "zoë" })
        {
            await Register(new Identity($"{name}@example.net"));
        }

        Identity anne = new("anne@example.net"), anna = new("anna@example.net"), bo = new("bo@example.net");
        await Stores.Portraits.Save(new PortraitWrite(PortraitOf(anne, PictureOf("a"))) { Pictures = [PictureOf("a")] });
        await Stores.Portraits.Save(new PortraitWrite(new Portrait { Identity = anna, Lock = new PortraitLock("why", Noon), Changed = Noon }));
        await Stores.Write([new StoreWrite.Disabling(bo, Noon, null)]);
        await Stores.Roles.Give(new HeldRole(bo, Role.Moderator, "example.net", "friar@example.org", Noon));
        await Stores.Roles.Give(new HeldRole(bo, Role.Operator, null, "friar@example.org", Noon));

        (await Found(AccountFilter.All, "ann")).ShouldBe(["ann", "anna", "anne"]);
        (await Found(AccountFilter.All, "an%")).ShouldBe(["an%"], "letters are letters");
        (await Found(AccountFilter.All, "zo")).ShouldBe(["zoë"]);
        (await Found(AccountFilter.All, "c")).ShouldBeEmpty();
        (await Found(AccountFilter.Picture)).ShouldBe(["anne"]);
        (await Found(AccountFilter.NoPicture)).ShouldBe(["an%", "ann", "anna", "bo", "zoë"]);
        (await Found(AccountFilter.NoPicture, "anna")).ShouldBe(["anna"]);
        (await Found(AccountFilter.Locked)).ShouldBe(["anna"]);
        (await Found(AccountFilter.Disabled)).ShouldBe(["bo"]);
        (await Found(AccountFilter.Role)).ShouldBe(["bo"], "once");

        // What they are changes with what is done, and a picture that was there before its account counts.
        var shown = (await Stores.Portraits.Find(anne))!;
        await Stores.Portraits.Save(new PortraitWrite(shown with { Picture = null }));
        var held = (await Stores.Portraits.Find(anna))!;
        await Stores.Portraits.Save(new PortraitWrite(held with { Lock = null }));
        await Stores.Write([new StoreWrite.Disabling(bo, null, null)]);
        var cleo = new Identity("cleo@example.net");
        await Stores.Portraits.Save(new PortraitWrite(PortraitOf(cleo, PictureOf("a"))) { Pictures = [PictureOf("a")] });
        await Register(cleo);
        (await Found(AccountFilter.Picture)).ShouldBe(["cleo"]);
        (await Found(AccountFilter.Locked)).ShouldBeEmpty();
        (await Found(AccountFilter.Disabled)).ShouldBeEmpty();

        async Task<IEnumerable<string>> Found(AccountFilter filter, string begins = "") =>
            (await Stores.Accounts.Page(new AccountSearch("example.net", filter, begins), null, 10)).Select(account => account.Value.Split('@')[0]);
    }

    private static AccountRecord AccountOf(Identity account, byte seed) => new(
        account,
        new ScramCredentials([seed, 1], 4096, [seed, 2], [seed, 3]),
        new ScramCredentials([seed, 4], 10000, [seed, 5], [seed, 6]));

    private async Task Fill(Identity who)
    {
        var item = new NodeItem("item", "<x/>", Noon);
        await Stores.Accounts.Add(AccountOf(who, 1));
        await Save(who, PictureOf(who.Value));
        await Stores.Portraits.SaveDraft(who, PictureOf("draft of " + who), Noon);
        await Stores.Portraits.AddAddress(who, who.Value, [AddressHash.Md5(who.Value)]);
        await Stores.Rosters.Save(who, new RosterRecord("nurse@example.org", null, 3, false, null, true, []));
        await Stores.Documents.Save(new AccountDocument(who, "private", "", "<x/>"));
        await Stores.Offline.Add(who, new OfflineMessage(0, Noon, "<message/>"), 10, 1000);
        await Stores.Nodes.Publish(who, new NodeRecord("node", AccessModel.Open, true, 1, "never", null), item, 1, 1000);
        await Stores.NodeSubscriptions.Add(new NodeSubscription(who, "node", "nurse@example.org/hall"), 10, 10);
        await Stores.NodeSubscriptions.Add(new NodeSubscription(new Identity("nurse@example.org"), "node", $"{who}/orchard"), 10, 10);
    }

    private async Task<List<string>> Remains(Identity who)
    {
        (string Name, bool Found)[] all =
        [
            ("account", await Stores.Accounts.Find(who) is not null),
            ("portrait", await Stores.Portraits.Find(who) is not null),
            ("picture", await Stores.Portraits.FindPicture(PictureOf(who.Value).Id) is not null),
            ("draft", await Stores.Portraits.FindPicture(PictureOf("draft of " + who).Id) is not null),
            ("address", (await Stores.Portraits.Addresses(who)).Count > 0),
            ("hash", await Stores.Portraits.Resolve(AddressHash.Md5(who.Value)) is not null),
            ("roster", (await Stores.Rosters.Load(who)).Count > 0),
            ("document", await Stores.Documents.Find(who, "private", "") is not null),
            ("offline", (await Stores.Offline.Load(who, 0, 1000)).Count > 0),
            ("node", (await Stores.Nodes.Load(who)).Count > 0),
            ("item", (await Stores.Nodes.Items(who, "node", new NodeQuery(10, 1000)))!.Count > 0),
            ("subscription to", (await Stores.NodeSubscriptions.To(who, "node")).Count > 0),
            ("subscription by", (await Stores.NodeSubscriptions.By(who.Value)).Count > 0),
        ];
        return [.. all.Where(kind => kind.Found).Select(kind => kind.Name)];
    }
}

public sealed class Accounts_in_SQLite() : AccountContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Accounts_in_PostgreSQL(PostgreSqlServer server) : AccountContract(new PostgreSqlDatabase(server));
