// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>
/// Keeps the ledger as it was when a listing began, so that all its pages are of one height. A few, for a
/// short time: old versions cost disk. Thread-safe.
/// </summary>
internal sealed class PinnedSnapshots(LedgerStore ledger, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly LinkedList<Pin> _pins = new();

    /// <summary>Borrows the snapshot of a height; the newest for null.</summary>
    /// <exception cref="RpcException">PAGE_EXPIRED: the listing must begin again.</exception>
    public Lease Borrow(ulong? height)
    {
        lock (_gate)
        {
            DropOld();
            Pin? pin = height is { } wanted
                ? _pins.FirstOrDefault(p => p.Snapshot.Head.Height.Value == wanted)
                : _pins.FirstOrDefault(p => p.Snapshot.Head.Height == ledger.Head.Height);
            if (pin is null && height is not null)
            {
                throw PageToken.Expired(
                    $"The state of height {height} is not kept any more; begin the listing again without a "
                    + "page token.");
            }

            if (pin is null)
            {
                pin = new Pin(ledger.Snapshot(), time.GetTimestamp());
                _pins.AddFirst(pin);
            }

            pin.Users++;
            return new Lease(this, pin);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Pin pin in _pins)
            {
                pin.Snapshot.Dispose();
            }

            _pins.Clear();
        }
    }

    private void Keep(Pin pin)
    {
        lock (_gate)
        {
            pin.Pages = true;
        }
    }

    private void Return(Pin pin)
    {
        lock (_gate)
        {
            pin.Users--;
            DropOld();
        }
    }

    private void DropOld()
    {
        for (LinkedListNode<Pin>? node = _pins.Last; node is not null;)
        {
            LinkedListNode<Pin>? newer = node.Previous;
            bool old = !node.Value.Pages || time.GetElapsedTime(node.Value.Since) > KeepFor
                || _pins.Count > Limits.PinnedSnapshots;
            if (old && node.Value.Users == 0)
            {
                node.Value.Snapshot.Dispose();
                _pins.Remove(node);
            }

            node = newer;
        }
    }

    internal sealed class Pin(LedgerSnapshot snapshot, long since)
    {
        public LedgerSnapshot Snapshot { get; } = snapshot;

        public long Since { get; } = since;

        public int Users { get; set; }

        /// <summary>True once a page token was given out for it: until then nobody comes back.</summary>
        public bool Pages { get; set; }
    }

    /// <summary>The use of a snapshot by one call.</summary>
    internal readonly struct Lease(PinnedSnapshots owner, Pin pin) : IDisposable
    {
        public LedgerSnapshot Snapshot => pin.Snapshot;

        /// <summary>Keeps the snapshot for the next page.</summary>
        public void Keep() => owner.Keep(pin);

        public void Dispose() => owner.Return(pin);
    }
}
