using System.Security.Cryptography;
using Likeness.Files;
using Likeness.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Tests.Files;

public sealed class SharedFilesTests : IDisposable
{
    private static readonly Identity Juliet = new("juliet@example.org");
    private static readonly Identity Romeo = new("romeo@example.org");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("likeness-files-");
    private readonly Clock _time = new();
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Trait("Requirement", "U-2")]
    public void A_slot_is_known_by_its_token_after_a_restart_and_for_five_minutes()
    {
        var (slot, token) = Slots().Issue(Juliet, 17, "image/png");
        var (_, other) = Slots().Issue(Juliet, 17, "image/png");

        Slots().Read(token).ShouldBe(slot with { Ends = DateTimeOffset.FromUnixTimeMilliseconds(slot.Ends.ToUnixTimeMilliseconds()) });
        new FileSlots(RandomNumberGenerator.GetBytes(32), _time).Read(token).ShouldBeNull();
        Slots().Read($"{token.Split('.')[0]}.{other.Split('.')[1]}").ShouldBeNull();
        foreach (var none in (string[])["", ".", "a", "a.b", "é.é", token + "x", token[1..]])
        {
            Slots().Read(none).ShouldBeNull(none);
        }

        _time.Advance(FileSlots.Lifetime);
        Slots().Read(token).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "U-4")]
    public async Task A_file_is_there_when_it_is_whole_and_also_after_a_restart()
    {
        var files = Open();
        var (slot, _) = files.Slots.Issue(Juliet, 5, "image/png");
        await Should.ThrowAsync<EndOfStreamException>(async () => await files.Save(slot, "image/png", new MemoryStream([1, 2, 3]), default));
        files.Find(slot.Id).ShouldBeNull();
        files.Size.ShouldBe(0);
        AllFiles().ShouldBeEmpty();

        (await files.Save(slot, "image/png", new MemoryStream([1, 2, 3, 4, 5]), default)).ShouldBeTrue();
        (await files.Save(slot, "image/png", new MemoryStream([5, 4, 3, 2, 1]), default)).ShouldBeFalse();
        File.WriteAllText(Path.Combine(_folder.FullName, "drafts", "cut-short"), "x");

        var again = Open();
        var file = again.Find(slot.Id).ShouldNotBeNull();
        (file.Size, file.Extension, again.Size).ShouldBe((5, ".png", 5));
        file.Created.ShouldBe(_time.GetUtcNow(), TimeSpan.FromSeconds(1));
        File.ReadAllBytes(again.PathOf(file)).ShouldBe([1, 2, 3, 4, 5]);
        AllFiles().Length.ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "U-7")]
    public async Task A_person_has_so_many_bytes_a_day_and_in_all_and_is_told_when_there_is_room_again()
    {
        var files = Open(new SharedFileOptions(_folder.FullName) { MaxPerDay = 100, MaxPerAccount = 150, MaxBytes = 220 });
        var start = _time.GetUtcNow();
        await Add(files, Juliet, 60);
        _time.Advance(TimeSpan.FromHours(1));
        await Add(files, Juliet, 40);

        RetryOf(files, Juliet, 50).ShouldBe(start.AddDays(1));
        RetryOf(files, Juliet, 70).ShouldBe(start.AddDays(1).AddHours(1));
        _time.Advance(TimeSpan.FromDays(1));
        RetryOf(files, Juliet, 60).ShouldBe(start.AddDays(30));
        await Add(files, Juliet, 50);
        await Add(files, Romeo, 70);
        RetryOf(files, Romeo, 1).ShouldBe(start.AddDays(30));
        await Should.ThrowAsync<FileQuotaException>(async () => await Add(files, Romeo, 1));
    }

    [Fact]
    [Trait("Requirement", "U-7")]
    public async Task What_is_coming_counts_as_if_it_were_there()
    {
        var files = Open(new SharedFileOptions(_folder.FullName) { MaxPerDay = 100 });
        using var never = new CancellationTokenSource();
        var (slot, _) = files.Slots.Issue(Juliet, 60, "");
        var coming = files.Save(slot, "", new System.IO.Pipelines.Pipe().Reader.AsStream(), never.Token).AsTask();

        Should.Throw<FileQuotaException>(() => files.Demand(Juliet, 60));
        files.Find(slot.Id).ShouldBeNull();
        await never.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => coming);
        files.Demand(Juliet, 60);
    }

    [Fact]
    [Trait("Requirement", "U-7")]
    public async Task Files_go_when_they_are_old_and_with_their_owner()
    {
        var files = Open();
        var old = await Add(files, Juliet, 1);
        _time.Advance(TimeSpan.FromDays(29));
        var hers = await Add(files, Juliet, 2);
        var his = await Add(files, Romeo, 3);
        var (pending, _) = files.Slots.Issue(Juliet, 1, "");
        _time.Advance(TimeSpan.FromDays(1) - FileSlots.Lifetime);
        files.Sweep();
        files.Find(old).ShouldNotBeNull();
        _time.Advance(FileSlots.Lifetime);
        files.Sweep();

        files.Find(old).ShouldBeNull();
        files.Find(hers).ShouldNotBeNull();
        (pending, _) = files.Slots.Issue(Juliet, 1, "");
        await files.OnClosed(Juliet);
        files.Find(hers).ShouldBeNull();
        files.Find(his).ShouldNotBeNull();
        AllFiles().Length.ShouldBe(1);
        await Should.ThrowAsync<AccountGoneException>(async () => await files.Save(pending, "", new MemoryStream([1]), default));
        files.Size.ShouldBe(3);
    }

    [Fact]
    [Trait("Requirement", "U-7")]
    public async Task A_picture_that_nobody_may_show_is_not_taken()
    {
        var files = Open(guard: new Guard(PictureId.Of([1, 2, 3])));
        var (slot, _) = files.Slots.Issue(Juliet, 3, "image/png");

        await Should.ThrowAsync<PictureBlockedException>(async () => await files.Save(slot, "image/png", new MemoryStream([1, 2, 3]), default));
        AllFiles().ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "U-6")]
    public void Only_what_can_do_nothing_keeps_its_type()
    {
        FileTypes.TypeOf(FileTypes.ExtensionOf("Image/PNG")).ShouldBe("image/png");
        FileTypes.TypeOf(FileTypes.ExtensionOf("text/plain; charset=iso-8859-1")).ShouldBe("text/plain");
        foreach (var type in (string?[])["text/html", "image/svg+xml", "application/pdf", "application/xhtml+xml", "text/xml", "", null])
        {
            FileTypes.TypeOf(FileTypes.ExtensionOf(type)).ShouldBeNull(type);
        }
    }

    private FileSlots Slots() => new(_secret, _time);

    private SharedFiles Open(SharedFileOptions? options = null, IPictureGuard? guard = null) =>
        new(options ?? new SharedFileOptions(_folder.FullName), Slots(), guard ?? new Guard(default), _time, NullLogger<SharedFiles>.Instance);

    private string[] AllFiles() => Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories);

    private DateTimeOffset RetryOf(SharedFiles files, Identity account, long size) => Should.Throw<FileQuotaException>(() => files.Demand(account, size)).RetryAt;

    private static async Task<string> Add(SharedFiles files, Identity account, int size)
    {
        var (slot, _) = files.Slots.Issue(account, size, "");
        (await files.Save(slot, "", new MemoryStream(new byte[size]), default)).ShouldBeTrue();
        return slot.Id;
    }

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan span) => _now += span;
    }

    private sealed class Guard(PictureId blocked) : IPictureGuard
    {
        public long Version => 0;

        public PictureBlock? Find(PictureId id) => id == blocked ? new PictureBlock(id, id, null, null, default) : null;

        public ValueTask<PictureBlock?> Find(IReadOnlyList<Picture> pictures, PictureId? uploaded, CancellationToken cancellationToken = default) => default;
    }
}
