using Likeness.Libravatar;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class ConcurrencyContract(TestDatabase database) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    private const int Writers = 100;

    [Fact]
    public async Task A_hundred_writers_at_once_are_all_heard()
    {
        await AtOnce(async writer => await Save(Person(writer), PictureOf($"{writer}")));

        for (var writer = 0; writer < Writers; writer++)
        {
            (await Stores.Portraits.Find(Person(writer)))!.Picture.ShouldBe(PictureOf($"{writer}").Info);
            (await Stores.Portraits.FindPicture(PictureOf($"{writer}").Id)).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Of_many_who_claim_an_address_at_once_one_gets_it()
    {
        var hashes = new[] { AddressHash.Md5("claimed"), AddressHash.Sha256("claimed") };
        var winners = await AtOnce(async writer =>
        {
            try
            {
                await Stores.Portraits.AddAddress(Person(writer), "claimed", hashes);
                return Person(writer);
            }
            catch (StoreConflictException)
            {
                return default(Identity?);
            }
        });

        var winner = winners.Where(identity => identity is not null).ShouldHaveSingleItem();
        (await Stores.Portraits.Resolve(hashes[0])).ShouldBe(winner);
        (await Stores.Portraits.Resolve(hashes[1])).ShouldBe(winner);
    }

    [Fact]
    public async Task A_picture_that_some_take_up_while_others_drop_it_is_there_for_those_who_have_it()
    {
        var (shared, other) = (PictureOf("shared"), PictureOf("other"));
        await AtOnce(async writer =>
        {
            for (var turn = 0; turn < 3; turn++)
            {
                await Save(Person(writer), (writer + turn) % 2 == 0 ? shared : other);
            }

            await Stores.Portraits.Save(PortraitOf(Person(writer), writer == 0 ? shared : null), writer == 0 ? [shared] : [], null);
        });

        (await Stores.Portraits.Find(Person(0)))!.Picture.ShouldBe(shared.Info);
        (await Stores.Portraits.FindPicture(shared.Id)).ShouldNotBeNull();
        (await Stores.Portraits.FindPicture(other.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task Items_published_at_once_keep_within_the_limit_and_in_one_order()
    {
        var node = new NodeRecord("mood", AccessModel.Open, true, 10, "never", null);
        await AtOnce(async writer => await Stores.Nodes.Publish(Juliet, node, new NodeItem($"{writer}", "<x/>", Noon), 10, 100_000));

        (await Stores.Nodes.Items(Juliet, "mood", new NodeQuery(int.MaxValue, 100_000)))!.Items.Select(item => item.Id).Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public async Task Readers_see_whole_portraits_while_they_change()
    {
        using var stop = new CancellationTokenSource();
        await Stores.Portraits.Save(PortraitOf(Juliet, PictureOf("0")), [PictureOf("0")], null);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var portrait = (await Stores.Portraits.Find(Juliet))!;
                portrait.Picture!.Id.ShouldBe(portrait.Uploaded ?? PictureOf("0").Id);
                await Task.Yield();
            }
        })).ToArray();
        for (var version = 1; version <= 100; version++)
        {
            await Stores.Portraits.Save(PortraitOf(Juliet, PictureOf($"{version}")) with { Uploaded = PictureOf($"{version}").Id }, [PictureOf($"{version}")], null);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    private static Identity Person(int number) => new($"person{number}@example.org");

    private static Task AtOnce(Func<int, Task> write) => Task.WhenAll(Enumerable.Range(0, Writers).Select(number => Task.Run(() => write(number))));

    private static Task<T[]> AtOnce<T>(Func<int, Task<T>> write) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(number => Task.Run(() => write(number))));
}

public sealed class Concurrency_in_SQLite() : ConcurrencyContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Concurrency_in_PostgreSQL(PostgreSqlServer server) : ConcurrencyContract(new PostgreSqlDatabase(server));
