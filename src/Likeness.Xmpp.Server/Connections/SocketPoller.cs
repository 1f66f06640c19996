using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>Who is told that its socket has something to read, or that its peer has ended.</summary>
internal interface IPolled
{
    /// <param name="hasEnded">Nothing comes any more behind what is there.</param>
    void BecameReadable(bool hasEnded);
}

/// <summary>
/// Waits for all chat sockets (epoll(7), Linux). The thread that is told of a socket handles what came on it, without a change of threads; one that has to
/// wait meanwhile, for a disk, holds up nobody, because each takes one socket at a time and the next one goes to another thread.
/// </summary>
internal sealed unsafe partial class SocketPoller
{
    private const int Add = 1;
    private const int CloseOnExec = 0x80000;
    private const uint Readable = 0x1;
    private const uint Failed = 0x8;
    private const uint HungUp = 0x10;
    private const uint PeerEnded = 0x2000;
    private const uint OnChange = 0x80000000;

    // The system's struct is packed on this processor and on no other.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;

    private readonly int _poll;
    private readonly Lock _sync = new();
    private readonly Stack<int> _free = [];
    private Place[] _places = new Place[64];
    private int _count;

    private SocketPoller(int poll)
    {
        _poll = poll;
        for (var i = 0; i < Threads; i++)
        {
            new Thread(Poll) { IsBackground = true, Name = "chat sockets" }.UnsafeStart();
        }
    }

    /// <summary>Of this process; null: the system has none.</summary>
    public static SocketPoller? Shared { get; } = OperatingSystem.IsLinux() && Create(CloseOnExec) is >= 0 and var poll ? new(poll) : null;

    // As many as work at once, and some that may wait for a disk.
    private static int Threads => Math.Max(4, 2 * Environment.ProcessorCount);

    /// <summary>From here on <paramref name="polled"/> is told; what has come before, too.</summary>
    /// <returns>For <see cref="Remove"/>.</returns>
    /// <exception cref="SocketException">The system takes no more of them.</exception>
    public int Watch(Socket socket, IPolled polled)
    {
        int place;
        long key;
        lock (_sync)
        {
            if (!_free.TryPop(out place))
            {
                place = _count++;
                if (place == _places.Length)
                {
                    Array.Resize(ref _places, place * 2);
                }
            }

            _places[place].Polled = polled;
            key = Key(place, _places[place].Generation);
        }

        var handle = socket.SafeHandle;
        var isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            var change = stackalloc byte[16];
            *(uint*)change = Readable | PeerEnded | OnChange;
            Unsafe.WriteUnaligned(change + DataOffset, key);
            if (Control(_poll, Add, (int)handle.DangerousGetHandle(), change) < 0)
            {
                Remove(place);
                throw new SocketException((int)SocketError.NoBufferSpaceAvailable);
            }
        }
        finally
        {
            if (isHeld)
            {
                handle.DangerousRelease();
            }
        }

        return place;
    }

    /// <summary>Nobody is told any more. The system forgets the socket when it is closed.</summary>
    public void Remove(int place)
    {
        lock (_sync)
        {
            _places[place] = new() { Generation = _places[place].Generation + 1 };
            _free.Push(place);
        }
    }

    private static long Key(int place, int generation) => ((long)generation << 32) | (uint)place;

    private void Poll()
    {
        var told = stackalloc byte[16];
        while (true)
        {
            if (Wait(_poll, told, 1, -1) != 1)
            {
                continue;
            }

            var what = *(uint*)told;
            Find(Unsafe.ReadUnaligned<long>(told + DataOffset))?.BecameReadable((what & (Failed | HungUp | PeerEnded)) != 0);
        }
    }

    private IPolled? Find(long key)
    {
        var place = (int)key;
        lock (_sync)
        {
            return _places[place].Generation == (int)(key >> 32) ? _places[place].Polled : null;
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int poll, int operation, int socket, byte* change);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Wait(int poll, byte* told, int most, int milliseconds);

    private struct Place
    {
        public IPolled? Polled;
        public int Generation;
    }
}
