fmt.Println("inc")
