using Likeness.Storage.Tests.Databases;

namespace Likeness.Storage.Tests.Contract;

public abstract class BlockContract(TestDatabase database) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    private static readonly Picture Bad = PictureOf("bad");

    [Fact]
    public async Task Blocks_are_listed_oldest_first_replaced_and_removed()
    {
        var exact = new PictureBlock(Bad.Id, Bad.Id, null, "spam", Noon);
        var near = new PictureBlock(PictureOf("other").Id, Bad.Id, 0xF000_0000_0000_0001, null, Noon.AddDays(-1));
        await Stores.Blocks.Save(exact);
        await Stores.Blocks.Save(near);
        await Reopen();
        (await Stores.Blocks.List()).ShouldBe([near, exact]);

        await Stores.Blocks.Save(exact with { Near = 7, Reason = "worse" });
        (await Stores.Blocks.List())[1].ShouldBe(exact with { Near = 7, Reason = "worse" });

        (await Stores.Blocks.Remove(Bad.Id)).ShouldBeTrue();
        (await Stores.Blocks.Remove(Bad.Id)).ShouldBeFalse();
        (await Stores.Blocks.List()).ShouldBe([near]);
    }

    [Fact]
    public async Task Everybody_who_shows_a_picture_is_found_whichever_way()
    {
        var (small, nurse, file) = (PictureOf("small"), new Identity("nurse@example.org"), PictureOf("file").Id);
        await Save(Juliet, Bad);
        await Stores.Portraits.Save(PortraitOf(Romeo, small) with { Master = Bad.Info }, [small, Bad], null);
        await Stores.Portraits.Save(PortraitOf(nurse, small) with { Uploaded = file }, [], null);

        (await Stores.Blocks.Showing(Bad.Id)).ShouldBe([Juliet, Romeo], ignoreOrder: true);
        (await Stores.Blocks.Showing(small.Id)).ShouldBe([Romeo, nurse], ignoreOrder: true);
        (await Stores.Blocks.Showing(file)).ShouldBe([nurse]);
        (await Stores.Portraits.Find(nurse))!.Uploaded.ShouldBe(file);
    }

    [Fact]
    public async Task Drafts_of_a_picture_go_whoever_has_them()
    {
        await Stores.Portraits.SaveDraft(Juliet, Bad, Noon);
        await Stores.Portraits.SaveDraft(Romeo, Bad, Noon);
        await Stores.Portraits.SaveDraft(Romeo, PictureOf("good"), Noon);

        (await Stores.Blocks.DropDrafts(Bad.Id)).ShouldBe(2);

        (await Stores.Portraits.FindPicture(Bad.Id)).ShouldBeNull();
        (await Stores.Portraits.FindDraft(Romeo, PictureOf("good").Id, Noon.AddTicks(-1))).ShouldNotBeNull();
    }

    [Fact]
    public async Task Stored_pictures_are_gone_through_page_by_page()
    {
        Picture[] pictures = [.. Enumerable.Range(0, 7).Select(number => PictureOf($"{number}"))];
        foreach (var picture in pictures)
        {
            await Stores.Portraits.SaveDraft(Juliet, picture, Noon);
        }

        var seen = new List<PictureId>();
        while (await Stores.Blocks.Pictures(seen.Count == 0 ? null : seen[^1], 3) is { Count: > 0 } page)
        {
            seen.AddRange(page);
        }

        seen.ShouldBe(pictures.Select(picture => picture.Id).OrderBy(id => id.Hex, StringComparer.Ordinal));
        (await Stores.Blocks.CountPictures()).ShouldBe(7);
    }

    [Fact]
    public async Task A_lock_is_kept_with_the_portrait()
    {
        var held = new PortraitLock("no logos", Noon);
        await Stores.Portraits.Save(PortraitOf(Juliet, null) with { Lock = held }, [], null);
        await Reopen();
        (await Stores.Portraits.Find(Juliet))!.Lock.ShouldBe(held);

        await Stores.Portraits.Save(PortraitOf(Juliet, null) with { Lock = held with { Reason = null } }, [], null);
        (await Stores.Portraits.Find(Juliet))!.Lock.ShouldBe(held with { Reason = null });

        await Stores.Portraits.Save(PortraitOf(Juliet, null), [], null);
        (await Stores.Portraits.Find(Juliet))!.Lock.ShouldBeNull();
    }
}

public sealed class Blocks_in_SQLite() : BlockContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Blocks_in_PostgreSQL(PostgreSqlServer server) : BlockContract(new PostgreSqlDatabase(server));
