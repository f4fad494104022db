// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace TokenLedger.Node.Administration;

/// <summary>
/// What a maintenance command says on standard output: one JSON object a line,
/// <c>{"progress":{…}}</c> a few times a second and one <c>{"result":{…}}</c> at the end. One user.
/// </summary>
internal sealed class ProgressLines(TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly long _started = time.GetTimestamp();
    private TimeSpan _said = -Every;

    public void Bytes(long done, long total) => Say("bytes", (ulong)done, (ulong)total);

    public void Blocks(ulong done, ulong total) => Say("blocks", done, total);

    public void Result(JsonObject result) => Write("result", result);

    private void Say(string unit, ulong done, ulong total)
    {
        TimeSpan now = time.GetElapsedTime(_started);
        if (now - _said < Every && done != total)
        {
            return;
        }

        _said = now;
        Write("progress", new JsonObject
        {
            ["unit"] = unit,
            ["done"] = done,
            ["total"] = total,
            ["perSecond"] = now > Every ? (ulong)(done / now.TotalSeconds) : 0,
        });
    }

    private void Write(string kind, JsonObject content)
    {
        output.WriteLine(new JsonObject { [kind] = content }.ToJsonString());
        output.Flush();
    }
}
