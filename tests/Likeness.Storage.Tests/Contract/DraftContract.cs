using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "X84-52")]
public abstract class DraftContract(TestDatabase database) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    private static readonly Picture Draft = PictureOf("draft");

    [Fact]
    public async Task A_draft_is_readable_by_its_owner_until_it_expires()
    {
        await Stores.Portraits.SaveDraft(Juliet, Draft, Noon);
        await Reopen();

        var found = (await Stores.Portraits.FindDraft(Juliet, Draft.Id, Noon.AddTicks(-1))).ShouldNotBeNull();
        found.Info.ShouldBe(Draft.Info);
        found.Bytes.ToArray().ShouldBe(Draft.Bytes.ToArray());
        (await Stores.Portraits.FindDraft(Juliet, Draft.Id, Noon)).ShouldBeNull();
        (await Stores.Portraits.FindDraft(Romeo, Draft.Id, Noon.AddTicks(-1))).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_drafts_the_latest_twenty_are_kept()
    {
        for (var minute = 0; minute <= IPortraitStore.MaxDrafts; minute++)
        {
            await Stores.Portraits.SaveDraft(Juliet, PictureOf($"{minute}"), Noon.AddMinutes(minute));
        }

        (await Stores.Portraits.FindDraft(Juliet, PictureOf("0").Id, Noon.AddTicks(-1))).ShouldBeNull();
        (await Stores.Portraits.FindPicture(PictureOf("0").Id)).ShouldBeNull();
        (await Stores.Portraits.FindDraft(Juliet, PictureOf("1").Id, Noon.AddTicks(-1))).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_replaced_picture_stays_as_a_draft_when_asked_for_and_a_removed_one_does_not()
    {
        await Save(Juliet, PictureOf("old"));
        await Stores.Portraits.Save(PortraitOf(Juliet, PictureOf("new")), [PictureOf("new")], null, Noon);

        (await Stores.Portraits.FindDraft(Juliet, PictureOf("old").Id, Noon.AddTicks(-1))).ShouldNotBeNull();

        await Stores.Portraits.Save(PortraitOf(Juliet, null), [], null, Noon);
        (await Stores.Portraits.FindDraft(Juliet, PictureOf("new").Id, Noon.AddTicks(-1))).ShouldBeNull();
    }

    [Fact]
    public async Task A_draft_saved_again_lives_longer()
    {
        await Stores.Portraits.SaveDraft(Juliet, Draft, Noon);
        await Stores.Portraits.SaveDraft(Juliet, Draft, Noon.AddMinutes(10));

        (await Stores.Portraits.FindDraft(Juliet, Draft.Id, Noon.AddMinutes(9))).ShouldNotBeNull();
    }

    [Fact]
    public async Task Expired_drafts_go_with_pictures_only_they_referred_to()
    {
        var (shown, fresh) = (PictureOf("shown"), PictureOf("fresh"));
        await Save(Romeo, shown);
        await Stores.Portraits.SaveDraft(Juliet, Draft, Noon);
        await Stores.Portraits.SaveDraft(Juliet, shown, Noon);
        await Stores.Portraits.SaveDraft(Juliet, fresh, Noon.AddMinutes(1));

        (await Stores.Portraits.DropExpiredDrafts(Noon)).ShouldBe(2);

        (await Stores.Portraits.FindPicture(Draft.Id)).ShouldBeNull();
        (await Stores.Portraits.FindPicture(shown.Id)).ShouldNotBeNull();
        (await Stores.Portraits.FindDraft(Juliet, fresh.Id, Noon)).ShouldNotBeNull();
        (await Stores.Portraits.DropExpiredDrafts(Noon)).ShouldBe(0);
    }

    [Fact]
    public async Task A_picture_stays_while_a_draft_refers_to_it()
    {
        await KeepNoEarlier(Juliet);
        await Save(Juliet, Draft);
        await Stores.Portraits.SaveDraft(Juliet, Draft, Noon);
        await Save(Juliet, PictureOf("next"));

        (await Stores.Portraits.FindPicture(Draft.Id)).ShouldNotBeNull();
        (await Stores.Portraits.DropExpiredDrafts(Noon)).ShouldBe(1);
        (await Stores.Portraits.FindPicture(Draft.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task A_draft_becomes_the_portrait_without_its_bytes_being_given_again()
    {
        await Stores.Portraits.SaveDraft(Juliet, Draft, Noon);
        await Stores.Portraits.Save(PortraitOf(Juliet, Draft), [], null);
        await Stores.Portraits.DropExpiredDrafts(Noon);

        (await Stores.Portraits.FindPicture(Draft.Id)).ShouldNotBeNull();
    }
}

public sealed class Drafts_in_SQLite() : DraftContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Drafts_in_PostgreSQL(PostgreSqlServer server) : DraftContract(new PostgreSqlDatabase(server));
