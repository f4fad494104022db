// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Execution;

/// <summary>Collects what is wrong, in the order in which it was found.</summary>
internal sealed class Findings
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public void Require(bool condition, string problem)
    {
        if (!condition)
        {
            _problems.Add(problem);
        }
    }

    public void Note(Rejection? rejection, string where = "")
    {
        if (rejection is not null)
        {
            _problems.Add(where + rejection.Detail);
        }
    }
}
