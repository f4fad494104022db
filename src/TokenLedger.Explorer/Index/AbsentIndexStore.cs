// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Index.Projecting;

namespace TokenLedger.Explorer.Index;

/// <summary>In place of an index that could not be reached yet: whoever asks is told so.</summary>
internal sealed class AbsentIndexStore(IndexUnavailableException why) : IIndexStore
{
    public ValueTask<IndexCursor?> CursorAsync(CancellationToken cancellationToken) => throw Away();

    public ValueTask<ProjectionState> LoadAsync(ProjectionKeys keys, CancellationToken cancellationToken) =>
        throw Away();

    public ValueTask ApplyAsync(IndexBatch batch, CancellationToken cancellationToken) => throw Away();

    public ValueTask<IIndexView?> ViewAsync(CancellationToken cancellationToken) => throw Away();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IndexUnavailableException Away() => new(why.Code, why.Message, why);
}
