package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lectern/internal/diag"
)

func (a *app) completionCommand() *cobra.Command {
	shells := []string{"bash", "fish", "powershell", "zsh"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that completes commands in your shell",
		Long: `Print a script with which your shell completes Lectern's commands and flags.
SHELL is bash, fish, powershell or zsh.`,
		Example: `  source <(lectern completion bash)                                    # this session
  lectern completion bash > ~/.local/share/bash-completion/completions/lectern
  lectern completion zsh > "${fpath[1]}/_lectern"
  lectern completion fish > ~/.config/fish/completions/lectern.fish
  lectern completion powershell | Out-String | Invoke-Expression`,
		ValidArgs: shells,
		Args: func(_ *cobra.Command, args []string) error {
			hint := "the shells are " + strings.Join(shells, ", ")
			switch {
			case len(args) == 0:
				return &usageError{"lectern completion needs the name of a shell", hint}
			case len(args) > 1:
				return &usageError{"lectern completion takes one shell", hint}
			case !slices.Contains(shells, args[0]):
				if near := diag.Nearest(args[0], shells); near != "" {
					hint = fmt.Sprintf("did you mean %q?", near)
				}
				return &usageError{fmt.Sprintf("unknown shell %q", args[0]), hint}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.Out, true)
			case "fish":
				return root.GenFishCompletion(a.Out, true)
			case "zsh":
				return root.GenZshCompletion(a.Out)
			default:
				return root.GenPowerShellCompletionWithDesc(a.Out)
			}
		},
	}
}

func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Show help for a command",
		Long:    "Show what a command does, its flags and an example.\n`lectern COMMAND --help` does the same.",
		Example: "  lectern help serve",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, c := range cmd.Root().Commands() {
				names = append(names, c.Name())
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			if len(args) == 0 {
				return root.Help()
			}
			for _, c := range root.Commands() {
				if c.Name() == args[0] {
					return c.Help()
				}
			}
			return noSuchCommand(root, args)
		},
	}
}
