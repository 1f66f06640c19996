using Likeness.Storage.Tables;
using Likeness.Storage.Tests.Contract;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.PostgreSql;

/// <summary>Transactions of several processes that meet at one picture.</summary>
[Trait("Category", "Integration")]
public sealed class RivalWritesTests(PostgreSqlServer server) : StoreContract(new PostgreSqlDatabase(server))
{
    private static readonly Picture Shared = PictureOf("shared");

    private Engine Engine => ((OpenStores)Stores).Engine;

    [Fact]
    public async Task The_last_of_two_who_drop_a_picture_at_once_removes_it()
    {
        await Save(Juliet, Shared);
        await Save(Romeo, Shared);
        var first = new Paused(Engine, session => Store(session, PortraitOf(Juliet, null), []));
        await first.Reached;
        var second = Stores.Portraits.Save(PortraitOf(Romeo, null), [], null).AsTask();
        await first.GoOnWhenSomebodyWaitsOr(second);
        await second;

        (await Stores.Portraits.FindPicture(Shared.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task A_picture_taken_up_by_one_while_another_drops_it_stays()
    {
        await Save(Romeo, Shared);
        var taking = new Paused(Engine, session => Store(session, PortraitOf(Juliet, Shared), [Shared]));
        await taking.Reached;
        var dropping = Stores.Portraits.Save(PortraitOf(Romeo, null), [], null).AsTask();
        await taking.GoOnWhenSomebodyWaitsOr(dropping);
        await dropping;

        (await Stores.Portraits.FindPicture(Shared.Id)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_picture_dropped_by_one_while_another_takes_it_up_is_stored_again()
    {
        await Save(Romeo, Shared);
        var dropping = new Paused(Engine, session => Store(session, PortraitOf(Romeo, null), []));
        await dropping.Reached;
        var taking = Save(Juliet, Shared).AsTask();
        await dropping.GoOnWhenSomebodyWaitsOr(taking);
        await taking;

        (await Stores.Portraits.FindPicture(Shared.Id)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_two_who_wait_for_each_other_one_is_run_again()
    {
        await Save(Juliet, Shared);
        await Save(Romeo, PictureOf("other"));
        var first = new Paused(Engine, session => Reserve(session, Shared), session => Reserve(session, PictureOf("other")));
        await first.Reached;
        var second = Engine.Write(
            "second",
            async session =>
            {
                await Reserve(session, PictureOf("other"));
                await Reserve(session, Shared);
            },
            default).AsTask();
        await first.GoOnWhenSomebodyWaitsOr(second);
        await second;

        second.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private static async ValueTask Store(Session session, Portrait portrait, IReadOnlyList<Picture> pictures)
    {
        var stored = await PortraitRows.Find(session, portrait.Identity);
        await PortraitRows.Save(session, new PortraitWrite(portrait with { Version = stored?.Version ?? 0 }) { Pictures = pictures });
    }

    private static ValueTask Reserve(Session session, Picture picture) => PictureRows.Reserve(session, [picture.Id]);
}
