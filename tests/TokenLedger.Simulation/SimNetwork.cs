// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// The links between the nodes. Each delivers in order, after its latency, unless a fault is on it. What
/// happens to a message is found by the link and the message's number on it.
/// </summary>
internal sealed class SimNetwork(
    ulong seed, int nodes, VirtualTime time, Trace trace, Action<FaultKind> fired)
{
    private const ulong RetransmitMs = 200;

    private readonly Purpose _choices = new(seed, "message");
    private readonly ulong[] _sent = new ulong[nodes * nodes];
    private readonly ulong[] _lastArrival = new ulong[nodes * nodes];
    private readonly ulong[] _latency = Latencies(seed, nodes);
    private readonly List<Fault> _faults = [];

    public ulong Messages { get; private set; }

    public void Begin(Fault fault) => _faults.Add(fault);

    public void End(Fault fault) => _faults.Remove(fault);

    /// <summary>Carries a message, whole or broken or not at all; <c>deliver</c> runs on arrival.</summary>
    public void Send<T>(int from, int to, T message, Action<T> deliver)
        where T : class, IMessage<T>, new()
    {
        int link = (from * nodes) + to;
        ulong number = _sent[link]++;
        Messages++;
        DeterministicRandom random = _choices.At((ulong)link, number);
        Fate fate = FateOf(from, to, number);
        if (fate.Lost)
        {
            trace.Add(time.NowMs, TraceKind.Drop, from, (ulong)to, number);
            return;
        }

        if (fate.Corrupt)
        {
            if (Corrupted(message, random) is not { } broken)
            {
                return;
            }

            message = broken;
        }

        ulong at = time.NowMs + _latency[link] + random.Between(0, 2) + fate.DelayMs;
        if (!fate.Reordered)
        {
            at = Math.Max(at, _lastArrival[link]);
            _lastArrival[link] = at;
        }

        time.At(at, () => deliver(message));
        if (fate.Twice)
        {
            time.At(at + random.Between(0, RetransmitMs), () => deliver(message));
        }
    }

    private Fate FateOf(int from, int to, ulong number)
    {
        var fate = default(Fate);
        foreach (Fault fault in _faults)
        {
            if (!Concerns(fault, from, to))
            {
                continue;
            }

            ulong place = ((fault.Id + 1) << 16) + (ulong)((from * nodes) + to);
            DeterministicRandom random = _choices.At(place, number);
            bool hit = fault.Kind is FaultKind.OneWayCut or FaultKind.Deaf or FaultKind.Ring
                or FaultKind.Split or FaultKind.SlowLink or FaultKind.Clog
                || random.PerMille((int)fault.Parameter);
            if (hit)
            {
                fired(fault.Kind);
                fate = With(fate, fault, random);
            }
        }

        return fate;
    }

    private Fate With(Fate fate, Fault fault, DeterministicRandom random) => fault.Kind switch
    {
        FaultKind.Duplicate => fate with { Twice = true },
        FaultKind.Corrupt => fate with { Corrupt = true },
        FaultKind.Reorder => fate with { Reordered = true, DelayMs = random.Between(0, 100) },
        FaultKind.SlowLink => fate with { DelayMs = fate.DelayMs + fault.Parameter },
        FaultKind.Clog => fate with { DelayMs = fate.DelayMs + fault.EndMs - time.NowMs },
        _ => fate with { Lost = true },
    };

    /// <summary>Whether a fault is on this direction of this link.</summary>
    private bool Concerns(Fault fault, int from, int to) => fault.Kind switch
    {
        FaultKind.Ring => (from + 1) % nodes != to && (to + 1) % nodes != from,
        FaultKind.Split => ((fault.Parameter >> from) & 1) != ((fault.Parameter >> to) & 1),
        FaultKind.Deaf => fault.Target == to,
        _ => fault.Target == from && (fault.Peer == to || fault.Peer < 0),
    };

    /// <summary>With one bit turned; nothing, if it does not even parse.</summary>
    private static T? Corrupted<T>(T message, DeterministicRandom random)
        where T : class, IMessage<T>, new()
    {
        byte[] bytes = message.ToByteArray();
        if (bytes.Length == 0)
        {
            return default;
        }

        int bit = random.Below(bytes.Length * 8);
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        try
        {
            var read = new T();
            read.MergeFrom(bytes);
            return read;
        }
        catch (InvalidProtocolBufferException)
        {
            return default;
        }
    }

    private static ulong[] Latencies(ulong seed, int nodes)
    {
        var links = new Purpose(seed, "latency");
        ulong most = links.At(ulong.MaxValue).PerMille(200) ? 60ul : 10ul;
        return [.. Enumerable.Range(0, nodes * nodes).Select(i => links.At((ulong)i).Between(1, most))];
    }

    private readonly record struct Fate(bool Lost, bool Twice, bool Corrupt, bool Reordered, ulong DelayMs);
}
