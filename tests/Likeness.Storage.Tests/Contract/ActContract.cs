using Likeness.Libravatar;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Contract;

/// <summary>What belongs together is stored together, on what was read, and for accounts that are there.</summary>
public abstract class ActContract(TestDatabase database) : StoreContract(database)
{
    private static readonly ScramCredentials Keys = new([1], 4096, [2], [3]);
    private static readonly Picture Face = PictureOf("face");

    private static AuditEntry Entry => new(Noon, "root", "avatar set", Juliet.Value);

    [Fact]
    public async Task An_account_and_its_address_are_stored_together()
    {
        await Stores.Write([new StoreWrite.Account(new AccountRecord(Juliet, Keys, Keys)), AddressOf(Juliet, Juliet.Value), new StoreWrite.Audit(Entry)]);

        (await Stores.Accounts.Find(Juliet)).ShouldNotBeNull();
        (await Stores.Portraits.Resolve(Address.Email(Juliet.Value).Sha256)).ShouldBe(Juliet);
        (await Stores.Audit.Read(null, null, 9)).ShouldBe([Entry]);
    }

    [Fact]
    public async Task One_write_that_is_refused_takes_the_whole_act_back()
    {
        await Stores.Portraits.AddAddress(Romeo, Juliet.Value, Address.Email(Juliet.Value).Hashes);

        await Should.ThrowAsync<StoreConflictException>(async () =>
            await Stores.Write([new StoreWrite.Audit(Entry), new StoreWrite.Account(new AccountRecord(Juliet, Keys, Keys)), AddressOf(Juliet, Juliet.Value)]));

        (await Stores.Accounts.Find(Juliet)).ShouldBeNull();
        (await Stores.Audit.Read(null, null, 9)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_picture_an_address_and_the_audit_entry_are_stored_together_or_not_at_all()
    {
        var write = new PortraitWrite(PortraitOf(Juliet, Face)) { Pictures = [Face], Alongside = [AddressOf(Juliet, "j@example.org"), new StoreWrite.Audit(Entry)] };
        await Stores.Portraits.Save(write);
        (await Stores.Portraits.Resolve(Address.Email("j@example.org").Md5)).ShouldBe(Juliet);
        (await Stores.Audit.Read(null, null, 9)).Count.ShouldBe(1);

        await Should.ThrowAsync<StoreConflictException>(async () => await Stores.Portraits.Save(write with
        {
            Portrait = PortraitOf(Romeo, Face),
            Alongside = [new StoreWrite.Audit(Entry), AddressOf(Romeo, "j@example.org")],
        }));

        (await Stores.Portraits.Find(Romeo)).ShouldBeNull();
        (await Stores.Audit.Read(null, null, 9)).Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "S-41")]
    public async Task A_change_made_from_another_state_than_the_stored_one_is_refused()
    {
        var first = await Save(Juliet, Face);
        var second = await Save(Juliet, PictureOf("second"));
        second.ShouldBeGreaterThan(first);

        foreach (var old in new[] { 0, first })
        {
            await Should.ThrowAsync<StaleWriteException>(async () =>
                await Stores.Portraits.Save(new PortraitWrite(PortraitOf(Juliet, null) with { Version = old })));
        }

        await Should.ThrowAsync<StaleWriteException>(async () =>
            await Stores.Portraits.Save(new PortraitWrite(PortraitOf(Romeo, null) with { Version = second })));
        (await Stores.Portraits.Find(Juliet))!.Picture.ShouldBe(PictureOf("second").Info);
    }

    [Fact]
    public async Task A_version_never_comes_again_when_the_account_does()
    {
        await Register(Juliet);
        var before = await Save(Juliet, Face);
        await Stores.Accounts.Remove(Juliet);
        await Reopen();
        await Register(Juliet);

        (await Save(Juliet, Face)).ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task Nothing_is_kept_for_an_account_that_was_removed()
    {
        await Register(Juliet);
        await Stores.Accounts.Remove(Juliet);
        var node = new NodeRecord("urn:n", AccessModel.Open, true, 5, "never", null);

        Func<Task>[] late =
        [
            async () => await Stores.Offline.Add(Juliet, new OfflineMessage(0, Noon, "<message/>"), 10, 1000),
            async () => await Stores.Nodes.Save(Juliet, node, 1000),
            async () => await Stores.Nodes.Publish(Juliet, node, new NodeItem("1", "<x/>", Noon), 5, 1000),
            async () => await Stores.NodeSubscriptions.Add(new NodeSubscription(Juliet, "urn:n", Romeo.Value), 5, 5),
            async () => await Stores.Rosters.Save(Juliet, new RosterRecord(Romeo.Value, null, 3, false, null, true, [])),
            async () => await Stores.Documents.Save(new AccountDocument(Juliet, "vcard", "", "<vCard/>")),
            async () => await Stores.Portraits.SaveDraft(Juliet, Face, Noon),
            async () => await Stores.Portraits.Save(new PortraitWrite(PortraitOf(Juliet, Face)) { Pictures = [Face], ByAccount = true }),
        ];
        foreach (var write in late)
        {
            await Should.ThrowAsync<AccountGoneException>(write);
        }

        (await Stores.Portraits.Find(Juliet)).ShouldBeNull();
        (await Stores.Portraits.FindPicture(Face.Id)).ShouldBeNull();
        (await Stores.Nodes.Load(Juliet)).ShouldBeEmpty();
        (await Stores.Rosters.Load(Juliet)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "X84-52")]
    public async Task A_removal_that_ends_drafts_leaves_no_picture_readable_by_its_id()
    {
        await Register(Juliet);
        await KeepNoEarlier(Juliet);
        await Save(Juliet, PictureOf("old"));
        await Stores.Portraits.SaveDraft(Juliet, PictureOf("draft"), Noon);
        await Stores.Portraits.Save(PortraitOf(Juliet, Face), [Face], null, keepReplacedUntil: Noon);
        var version = (await Stores.Portraits.Find(Juliet))!.Version;

        await Stores.Portraits.Save(new PortraitWrite(PortraitOf(Juliet, null) with { Version = version }) { EndDrafts = true, KeepReplacedUntil = Noon });

        foreach (var picture in new[] { PictureOf("old"), PictureOf("draft"), Face })
        {
            (await Stores.Portraits.FindDraft(Juliet, picture.Id, Noon.AddTicks(-1))).ShouldBeNull();
            (await Stores.Portraits.FindPicture(picture.Id)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Another_password_is_part_of_an_act_and_ends_what_the_old_one_opened()
    {
        await Register(Juliet);
        (await Stores.WebSessions.Add(new WebSession("one", Juliet, "browser", "192.0.2.0/24", Noon, Noon), [1], [2], 5, null)).ShouldBeTrue();
        var record = new AccountRecord(Juliet, new([7], 4096, [8], [9]), new([10], 4096, [11], [12]));

        await Stores.Write([new StoreWrite.Audit(Entry), new StoreWrite.Password(record)]);

        (await Stores.Accounts.Find(Juliet))!.Sha1!.Salt.ShouldBe(record.Sha1!.Salt);
        (await Stores.WebSessions.List(Juliet)).ShouldBeEmpty();
        await Should.ThrowAsync<AccountGoneException>(async () =>
            await Stores.Write([new StoreWrite.Audit(Entry), new StoreWrite.Password(record with { Account = Romeo })]));
        (await Stores.Audit.Read(null, null, 9)).Count.ShouldBe(1, "the second act was none");
        (await Stores.Accounts.Find(Romeo)).ShouldBeNull();
    }

    [Fact]
    public async Task A_picture_and_the_file_it_came_from_are_stored_together_or_not_at_all()
    {
        await Stores.Portraits.Save(new PortraitWrite(PortraitOf(Juliet, Face)) { Pictures = [Face], Alongside = [new StoreWrite.Import(Juliet, [1, 2], Noon)] });
        (await Stores.Bulk.FindImport(Juliet)).ShouldBe([1, 2]);

        await Should.ThrowAsync<StoreConflictException>(async () =>
            await Stores.Portraits.Save(new PortraitWrite(PortraitOf(Juliet, null)) { Alongside = [new StoreWrite.Import(Juliet, [3], Noon)] }), "from an old version");
        (await Stores.Bulk.FindImport(Juliet)).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_rooms_picture_and_its_card_are_stored_together_and_who_is_what_in_it_stays()
    {
        var room = new RoomRecord("garden@rooms.example.org", "Garden", true, "{}", [1], Juliet, Noon);
        await Stores.Rooms.Save(room, [new(Juliet.Value, "owner")]);
        var garden = new Identity(room.Room);

        await Stores.Portraits.Save(new PortraitWrite(PortraitOf(garden, Face)) { Pictures = [Face], Alongside = [new StoreWrite.Room(room with { VCard = "<vCard/>" })] });
        var stored = (await Stores.Rooms.Find(room.Room)).ShouldNotBeNull();
        stored.Record.VCard.ShouldBe("<vCard/>");
        stored.Affiliations.ShouldBe([new(Juliet.Value, "owner")]);

        await Should.ThrowAsync<StoreConflictException>(async () =>
            await Stores.Portraits.Save(new PortraitWrite(PortraitOf(garden, null)) { Alongside = [new StoreWrite.Room(room with { VCard = null })] }), "from an old version");
        (await Stores.Rooms.Find(room.Room))!.Record.VCard.ShouldBe("<vCard/>");
    }

    private static StoreWrite.Address AddressOf(Identity owner, string address) => new(owner, address, Address.Email(address).Hashes);
}

public sealed class Acts_in_SQLite() : ActContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Acts_in_PostgreSQL(PostgreSqlServer server) : ActContract(new PostgreSqlDatabase(server));
