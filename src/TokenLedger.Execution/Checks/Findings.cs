// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using TokenLedger.Core;

namespace TokenLedger.Execution;

/// <summary>Collects what is wrong, in the order in which it was found.</summary>
internal sealed class Findings
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Notes a problem unless the condition holds. Its text is only written then.</summary>
    public void Require(
        bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref ProblemText problem)
    {
        if (!condition)
        {
            _problems.Add(problem.ToString());
        }
    }

    public void Add(string problem) => _problems.Add(problem);

    public void Note(Rejection? rejection, string where = "")
    {
        if (rejection is not null)
        {
            _problems.Add(where + rejection.Detail);
        }
    }
}

/// <summary>An interpolated text that nobody writes when all is well: checks run over every block.</summary>
[InterpolatedStringHandler]
internal ref struct ProblemText
{
    private DefaultInterpolatedStringHandler _text;

    public ProblemText(int literalLength, int formattedCount, bool condition, out bool write)
    {
        write = !condition;
        _text = condition
            ? default
            : new DefaultInterpolatedStringHandler(
                literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture);
    }

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string format) => _text.AppendFormatted(value, format);

    public override string ToString() => _text.ToStringAndClear();
}
