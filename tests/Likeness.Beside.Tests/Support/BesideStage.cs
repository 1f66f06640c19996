using Likeness.Accounts;
using Likeness.Imaging;
using Likeness.Imaging.Workers;
using Likeness.Storage;
using Likeness.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Beside.Tests.Support;

/// <summary>A fake chat server, and this server beside it with a real database.</summary>
/// <param name="chat">Null: one that listens on a port.</param>
internal sealed class BesideStage(FakeChatServer? chat = null) : IAsyncDisposable, IPortraitListener
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly string _directory = Directory.CreateTempSubdirectory("likeness-beside-").FullName;
    private readonly WorkerPool _renderer = new(new WorkerPoolOptions { Command = new WorkerCommand(Environment.ProcessPath!, "render-worker"), MaxWorkers = 1 });
    private volatile TaskCompletionSource _pulse = New();
    private CancellationTokenSource _ended = new();
    private Task _running = Task.CompletedTask;

    public FakeChatServer Chat { get; } = chat ?? new FakeChatServer();

    public string Folder => _directory;

    public IStores Stores { get; private set; } = null!;

    public PortraitBook Book { get; private set; } = null!;

    public AccountBook Accounts { get; private set; } = null!;

    public BesideServer Beside { get; private set; } = null!;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<BesideOptions, BesideOptions> With { get; init; } = options => options;

    /// <summary>What the server is given in place of the store.</summary>
    public Func<IBesideStore, IBesideStore> Store { get; init; } = store => store;

    public BesideOptions Options => With(new BesideOptions
    {
        Server = Chat.Place,
        Name = FakeChatServer.Component,
        Secret = FakeChatServer.Secret,
        Domains = [FakeChatServer.Domain],
        Rate = 1000,
        AddressesAreTheSame = true,
    });

    public static Identity Of(string name) => new($"{name}@{FakeChatServer.Domain}");

    /// <summary>Starts, or starts anew after <see cref="Stop"/>.</summary>
    public async Task<BesideStage> Start(bool isConnected = true)
    {
        Stores = await Database.Open(new StorageOptions { DataDirectory = _directory });
        var policies = new DomainPolicies([new DomainPolicy { Domain = FakeChatServer.Domain }]);
        var addresses = new AddressBook(Stores.Portraits, policies);
        Book = new PortraitBook(Stores.Portraits, policies, Time, NullLogger<PortraitBook>.Instance, addresses: addresses);
        Accounts = new AccountBook(Stores, Book, addresses, new LoginLimits(Time), new PasswordRule(), Time, NullLogger<AccountBook>.Instance);
        Beside = new BesideServer(Options, Book, Store(Stores.Beside), Stores.Albums, new ImageGate(ImageLimits.Default), _renderer, Time, NullLogger<BesideServer>.Instance, Accounts);
        Book.Subscribe(Beside);
        Book.Subscribe(this);
        Chat.Pulse = Pulse;
        _ended = new CancellationTokenSource();
        _running = Beside.Run(_ended.Token);
        if (isConnected)
        {
            await WhenConnected();
        }

        return this;
    }

    /// <summary>The grants of the newest connection are known, and what it brought at once was done.</summary>
    public async Task WhenConnected()
    {
        await Chat.Connected.WaitAsync(Timeout);
        await Quiet();
    }

    /// <summary>Everything the chat server said was heard, and everything that followed is done.</summary>
    public async Task Quiet()
    {
        await Chat.Fence();
        await Beside.Idle().WaitAsync(Timeout);
    }

    /// <summary>Completes when this is so; it is looked at whenever the chat server heard something or a portrait changed.</summary>
    public Task When(Func<Task<bool>> isSo) => When(isSo, waitsForIdle: true);

    /// <summary>The same while there is still something to do.</summary>
    public Task WhenPulsed(Func<Task<bool>> isSo) => When(isSo, waitsForIdle: false);

    private async Task When(Func<Task<bool>> isSo, bool waitsForIdle)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while (true)
        {
            var pulse = _pulse.Task;
            await (waitsForIdle ? Beside.Idle() : Task.CompletedTask).WaitAsync(timeout.Token);
            if (await isSo())
            {
                return;
            }

            await pulse.WaitAsync(timeout.Token);
        }
    }

    public Task When(Func<bool> isSo) => When(() => Task.FromResult(isSo()));

    public Task WhenShown(string name, string? id) => When(async () => await Shown(name) == id);

    public void OnPortraitChanged(PortraitChanged change) => Pulse();

    public async Task Stop()
    {
        await _ended.CancelAsync();
        await _running;
        Beside.Dispose();
        await Stores.DisposeAsync();
    }

    public async Task<string?> Shown(string name) => (await Book.Find(Of(name))).Picture?.Id.Hex;

    public async Task<BesideAccount?> Known(string name) => await Stores.Beside.Find(Of(name));

    /// <summary>Somebody changes the portrait on this side.</summary>
    public async Task<string> SetHere(string name, byte[] picture)
    {
        var made = Picture.Of(picture, "image/png", 64, 64);
        await Book.Set(Of(name), new NewPortrait { Picture = made }, new Cause(Origin.Api));
        return made.Id.Hex;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Pulse() => Interlocked.Exchange(ref _pulse, New()).TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await Chat.DisposeAsync();
        await _renderer.DisposeAsync();
        _ended.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
