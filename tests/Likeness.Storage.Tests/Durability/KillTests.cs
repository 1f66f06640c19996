using Likeness.Storage.Tests.Databases;
using Likeness.Storage.Tests.Writer;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Durability;

[Trait("Category", "Slow")]
public sealed class KillTests
{
    private const int Lives = 50;

    [Fact]
    public async Task Every_acknowledged_portrait_outlives_fifty_kills_of_its_writer()
    {
        await using var database = new SqliteDatabase();
        var all = new List<Acknowledged>();
        var moments = new Random(50);
        for (var life = 0; life < Lives; life++)
        {
            // The first lives are killed while they make the tables, and some later ones while they open them.
            var acknowledged = await KilledWriter.Run(database.Directory, life, life < 3 ? 0 : moments.Next(0, 120));
            await using var stores = await database.Open();
            await ShouldHaveAll(stores, acknowledged);
            all.AddRange(acknowledged);
        }

        all.Count.ShouldBeGreaterThan(Lives);
        await using var survivor = await database.Open();
        await ShouldHaveAll(survivor, all);
        await ShouldBeSound(((OpenStores)survivor).Engine);
    }

    private static async Task ShouldHaveAll(IStores stores, List<Acknowledged> all)
    {
        foreach (var (identity, version) in all)
        {
            var portrait = (await stores.Portraits.Find(identity)).ShouldNotBeNull();
            portrait.Picture!.Width.ShouldBeGreaterThanOrEqualTo(version);
            var picture = (await stores.Portraits.FindPicture(portrait.Picture.Id)).ShouldNotBeNull();
            picture.Bytes.Span.SequenceEqual(WriteLoad.PictureOf(identity, portrait.Picture.Width).Bytes.Span).ShouldBeTrue();
        }
    }

    private static async Task ShouldBeSound(Engine engine)
    {
        (await Ask("PRAGMA integrity_check", row => row.Text(0))).ShouldBe(["ok"]);
        (await Ask("PRAGMA foreign_key_check", row => row.Text(0))).ShouldBeEmpty();
        (await Ask("SELECT count(*) FROM pictures WHERE id NOT IN (SELECT picture FROM portraits)", row => row.Number(0))).ShouldBe([0]);

        async Task<List<T>> Ask<T>(string sql, Func<System.Data.Common.DbDataReader, T> read) =>
            await engine.Read(session => session.All(sql, read), default);
    }
}
