// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Runtime.Peers;

namespace TokenLedger.Runtime.Tests.Peers;

public sealed class RunsAheadTests
{
    private readonly RunsAhead _runs = new();

    [Fact]
    public async Task Room_AsManyRunsAsMayBe_WaitsForTheFirst()
    {
        var pending = new List<TaskCompletionSource>();
        for (int i = 0; i < Limits.SyncRunsAhead - 1; i++)
        {
            pending.Add(Add(1));
            Assert.True(_runs.RoomAsync().IsCompletedSuccessfully);
        }

        pending.Add(Add(1));
        Task room = _runs.RoomAsync();
        pending[1].SetResult();
        Assert.False(room.IsCompleted);
        pending[0].SetResult();
        await room.WaitAsync(Within.Patience);
    }

    [Fact]
    public async Task Room_AsManyBytesAsMayBe_WaitsForTheFirst()
    {
        Add(Limits.SyncAheadBytes);
        Assert.True(_runs.RoomAsync().IsCompletedSuccessfully);
        TaskCompletionSource last = Add(1);
        Task room = _runs.RoomAsync();
        Assert.False(room.IsCompleted);
        last.SetResult();
        Assert.False(room.IsCompleted);
        _first!.SetResult();
        await room.WaitAsync(Within.Patience);
    }

    [Fact]
    public async Task Room_TheFirstWasRefused_FailsAsItDid()
    {
        Add(1).SetException(new SyncRefusedException("no"));
        await Assert.ThrowsAsync<SyncRefusedException>(_runs.RoomAsync);
    }

    private TaskCompletionSource? _first;

    private TaskCompletionSource Add(long bytes)
    {
        var applied = new TaskCompletionSource();
        _first ??= applied;
        _runs.Add(applied.Task, bytes);
        return applied;
    }
}
