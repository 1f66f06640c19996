using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

/// <summary>Who shows a picture.</summary>
public abstract class ShownContract(TestDatabase database) : StoreContract(database)
{
    [Fact]
    public async Task A_picture_is_found_in_band_and_as_master_each_person_once()
    {
        var (rose, sword) = (PictureOf("rose"), PictureOf("sword"));
        await Stores.Portraits.Save(PortraitOf(Romeo, sword) with { Master = rose.Info }, [sword, rose], null);
        await Stores.Portraits.Save(PortraitOf(Juliet, rose) with { Master = rose.Info }, [rose], null);

        (await Stores.Portraits.ShownBy(rose.Id)).ShouldBe([Juliet, Romeo]);
        (await Stores.Portraits.ShownBy(sword.Id)).ShouldBe([Romeo]);
        (await Stores.Portraits.ShownBy(PictureId.Of("nothing"u8))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_replaced_picture_is_shown_by_nobody_though_it_is_kept_for_a_while()
    {
        await Save(Juliet, PictureOf("old"));
        await Stores.Portraits.Save(PortraitOf(Juliet, PictureOf("new")), [PictureOf("new")], null, Noon);

        (await Stores.Portraits.ShownBy(PictureOf("old").Id)).ShouldBeEmpty();
        (await Stores.Portraits.ShownBy(PictureOf("new").Id)).ShouldBe([Juliet]);
    }

    [Fact]
    public async Task A_picture_of_many_names_a_bounded_number()
    {
        var common = PictureOf("common");
        for (var number = 0; number < IPortraitStore.MaxShown + 5; number++)
        {
            await Save(new Identity($"person{number:000}@example.org"), common);
        }

        var shown = await Stores.Portraits.ShownBy(common.Id);

        shown.Count.ShouldBe(IPortraitStore.MaxShown);
        shown[0].Value.ShouldBe("person000@example.org");
    }
}

public sealed class Shown_pictures_in_SQLite() : ShownContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Shown_pictures_in_PostgreSQL(PostgreSqlServer server) : ShownContract(new PostgreSqlDatabase(server));
